"""Groups of reported terms, as in the nomenclature and the rules."""

from __future__ import annotations

__all__ = [
    "ANTIFOLATES",
    "BINDING_PROTEIN",
    "COPPER_RISKS",
    "CORD_SIGNS",
    "DECIDING_ANEMIA",
    "EITHER_ROUTE",
    "EMERGENCY_ANEMIA",
    "LASTING_CAUSES",
    "MACROCYTOSIS_CAUSES",
    "MALABSORPTION",
    "NERVE_SIGNS",
    "NERVE_SYMPTOMS",
    "RECENT_DOSE",
    "URGENT_NERVE_SIGNS",
]

CORD_SIGNS = {"lost_position_sense", "extensor_plantars", "subacute_combined_degeneration"}
#: Signs that are urgent while deficiency is possible.
URGENT_NERVE_SIGNS = CORD_SIGNS | {
    "ataxia", "falls", "limb_weakness", "abnormal_reflexes", "psychosis", "optic_neuropathy", "seizures",
}  # fmt: skip
#: Signs of the cord or of peripheral nerves.
NERVE_SIGNS = (URGENT_NERVE_SIGNS - {"psychosis", "seizures"}) | {
    "paresthesia", "numbness", "neuropathic_pain", "neuropathy", "lost_vibration_sense",
}  # fmt: skip
#: All neurological involvement.
NERVE_SYMPTOMS = NERVE_SIGNS | {
    "psychosis", "seizures", "bladder_or_bowel_control", "tremor", "restless_legs", "cognitive_difficulty", "hypotonia",
    "developmental_delay",
}  # fmt: skip
DECIDING_ANEMIA = {"dyspnea", "dyspnea_at_rest", "fainting", "palpitations", "chest_pain"}
EMERGENCY_ANEMIA = {"dyspnea_at_rest", "fainting", "chest_pain"}

RECENT_DOSE = {"recent_b12_dose", "b12_injections_now", "b12_supplement"}
#: Causes of a low total B12 without deficiency, besides pregnancy.
BINDING_PROTEIN = {"combined_contraceptive", "hormone_replacement", "hiv", "myeloma"}
LASTING_CAUSES = {"total_gastrectomy", "ileal_resection", "autoimmune_gastritis"}
EITHER_ROUTE = {
    "bariatric_surgery", "partial_gastrectomy", "stomach_surgery", "metformin", "proton_pump_inhibitor", "h2_blocker",
    "acid_reducer", "colchicine", "anticonvulsant", "celiac_disease", "ileal_disease",
}  # fmt: skip
MALABSORPTION = LASTING_CAUSES | {
    "bariatric_surgery", "partial_gastrectomy", "stomach_surgery", "small_bowel_resection", "pelvic_radiotherapy",
    "fish_tapeworm", "atrophic_gastritis", "celiac_disease", "ileal_disease", "bacterial_overgrowth",
    "pancreatic_insufficiency",
}  # fmt: skip
ANTIFOLATES = {"methotrexate", "trimethoprim", "co_trimoxazole", "pyrimethamine", "pemetrexed"}
MACROCYTOSIS_CAUSES = ANTIFOLATES | {
    "alcohol", "anticonvulsant", "hydroxycarbamide", "azathioprine", "mercaptopurine", "antiretroviral",
    "hypothyroidism", "liver_disease", "myelodysplastic_syndrome",
}  # fmt: skip
COPPER_RISKS = {"bariatric_surgery", "zinc_excess", "denture_cream", "enteral_feeding", "celiac_disease"}
