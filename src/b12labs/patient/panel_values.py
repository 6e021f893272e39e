"""The values of one patient by name, as types: editors complete the names, and type checkers refuse others.

Written by `make generated`, from the analytes and context terms of `reference_ranges/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypedDict

from b12labs.inputs.measurement import Measurement

__all__ = ["ContextValues", "PanelValues"]


class Quantity(Protocol):
    """A number with its unit, such as a pint Quantity."""

    @property
    def magnitude(self) -> Any:
        """The number."""

    @property
    def units(self) -> Any:
        """The unit."""


ResultGiven = str | float | tuple[Any, ...] | list[Any] | Mapping[str, Any] | Measurement | Quantity | None
Words = str | Iterable[str] | None
YesNo = bool | int | str | None


class ContextValues(TypedDict, total=False):
    """A patient's values besides results; `screen` takes them too."""

    age: str | float | None
    sex: str | None
    pregnant: YesNo
    trimester: str | int | None
    gestational_weeks: str | float | None
    elevation: str | float | None
    symptoms: Words
    risk_factors: Words
    medicines: Words
    diagnoses: Words
    paresthesia: YesNo
    numbness: YesNo
    neuropathic_pain: YesNo
    neuropathy: YesNo
    lost_vibration_sense: YesNo
    lost_position_sense: YesNo
    ataxia: YesNo
    falls: YesNo
    bladder_or_bowel_control: YesNo
    limb_weakness: YesNo
    muscle_cramps: YesNo
    abnormal_reflexes: YesNo
    extensor_plantars: YesNo
    subacute_combined_degeneration: YesNo
    tremor: YesNo
    restless_legs: YesNo
    cognitive_difficulty: YesNo
    psychosis: YesNo
    low_mood: YesNo
    optic_neuropathy: YesNo
    hypotonia: YesNo
    developmental_delay: YesNo
    somnolence: YesNo
    seizures: YesNo
    fatigue: YesNo
    weakness: YesNo
    dyspnea: YesNo
    dyspnea_at_rest: YesNo
    pallor: YesNo
    exercise_intolerance: YesNo
    lightheadedness: YesNo
    fainting: YesNo
    vertigo: YesNo
    palpitations: YesNo
    chest_pain: YesNo
    jaundice: YesNo
    glossitis: YesNo
    diarrhea: YesNo
    constipation: YesNo
    bowel_change: YesNo
    poor_appetite: YesNo
    weight_loss: YesNo
    nausea: YesNo
    bleeding: YesNo
    leg_pain: YesNo
    thigh_pain: YesNo
    joint_pain: YesNo
    joint_stiffness: YesNo
    joint_swelling: YesNo
    bone_pain: YesNo
    back_pain: YesNo
    muscle_pain: YesNo
    muscle_twitching: YesNo
    schistocytes_seen: YesNo
    blasts_seen: YesNo
    fever: YesNo
    sore_mouth: YesNo
    new_or_progressive: YesNo
    vegan_diet: YesNo
    vegetarian_diet: YesNo
    restricted_diet: YesNo
    bariatric_surgery: YesNo
    total_gastrectomy: YesNo
    partial_gastrectomy: YesNo
    stomach_surgery: YesNo
    ileal_resection: YesNo
    small_bowel_resection: YesNo
    pelvic_radiotherapy: YesNo
    nitrous_oxide: YesNo
    alcohol: YesNo
    smoking: YesNo
    family_history: YesNo
    older_age: YesNo
    breastfeeding: YesNo
    postpartum: YesNo
    vegan_mother: YesNo
    zinc_excess: YesNo
    denture_cream: YesNo
    enteral_feeding: YesNo
    recent_transfusion: YesNo
    recent_b12_dose: YesNo
    b12_injections_now: YesNo
    h_pylori: YesNo
    fish_tapeworm: YesNo
    adherence_doubt: YesNo
    frailty: YesNo
    metformin: YesNo
    proton_pump_inhibitor: YesNo
    h2_blocker: YesNo
    acid_reducer: YesNo
    antacid: YesNo
    colchicine: YesNo
    anticonvulsant: YesNo
    combined_contraceptive: YesNo
    hormone_replacement: YesNo
    methotrexate: YesNo
    trimethoprim: YesNo
    co_trimoxazole: YesNo
    pyrimethamine: YesNo
    pemetrexed: YesNo
    hydroxycarbamide: YesNo
    azathioprine: YesNo
    mercaptopurine: YesNo
    antiretroviral: YesNo
    b12_supplement: YesNo
    multivitamin: YesNo
    folic_acid: YesNo
    theophylline: YesNo
    nicotinic_acid: YesNo
    levodopa: YesNo
    iron: YesNo
    insulin: YesNo
    sulfonylurea: YesNo
    thiazide: YesNo
    gabapentin: YesNo
    statin: YesNo
    diuretic: YesNo
    sedative: YesNo
    vitamin_b6: YesNo
    autoimmune_gastritis: YesNo
    atrophic_gastritis: YesNo
    celiac_disease: YesNo
    ileal_disease: YesNo
    inflammatory_bowel_disease: YesNo
    ulcerative_colitis: YesNo
    bacterial_overgrowth: YesNo
    pancreatic_insufficiency: YesNo
    pancreatitis: YesNo
    autoimmune_thyroid_disease: YesNo
    hypothyroidism: YesNo
    hyperthyroidism: YesNo
    type_1_diabetes: YesNo
    type_2_diabetes: YesNo
    vitiligo: YesNo
    sjogren_syndrome: YesNo
    rheumatoid_arthritis: YesNo
    autoimmune_disease: YesNo
    osteoarthritis: YesNo
    osteoporosis: YesNo
    hypertension: YesNo
    end_stage_kidney_disease: YesNo
    chronic_kidney_disease: YesNo
    liver_disease: YesNo
    myelodysplastic_syndrome: YesNo
    myeloproliferative_disease: YesNo
    myeloma: YesNo
    gestational_thrombocytopenia: YesNo
    hiv: YesNo
    thalassemia: YesNo
    transcobalamin_deficiency: YesNo
    leber_optic_neuropathy: YesNo
    cobalamin_allergy: YesNo
    known_b12_deficiency: YesNo
    known_folate_deficiency: YesNo


class PanelValues(ContextValues, total=False):
    """The keywords of `interpret()`, for your own function that passes them on.

    >>> from typing import Unpack
    >>> from b12labs import PanelValues, interpret
    >>> def status(**values: Unpack[PanelValues]) -> str:
    ...     return interpret(**values).status
    >>> status(b12="145 pg/mL", age=67)
    'deficient'
    """

    b12: ResultGiven
    holotc: ResultGiven
    mma: ResultGiven
    urine_mma_ratio: ResultGiven
    homocysteine: ResultGiven
    folate: ResultGiven
    rbc_folate: ResultGiven
    hemoglobin: ResultGiven
    hematocrit: ResultGiven
    rbc: ResultGiven
    mcv: ResultGiven
    mch: ResultGiven
    mchc: ResultGiven
    rdw: ResultGiven
    wbc: ResultGiven
    neutrophils: ResultGiven
    hypersegmented_neutrophils: ResultGiven
    platelets: ResultGiven
    reticulocytes: ResultGiven
    reticulocyte_percent: ResultGiven
    reticulocyte_index: ResultGiven
    ldh: ResultGiven
    bilirubin_total: ResultGiven
    bilirubin_indirect: ResultGiven
    bilirubin_direct: ResultGiven
    haptoglobin: ResultGiven
    ferritin: ResultGiven
    transferrin_saturation: ResultGiven
    crp: ResultGiven
    creatinine: ResultGiven
    egfr: ResultGiven
    gastrin: ResultGiven
    gastrin_amount: ResultGiven
    intrinsic_factor_antibody: ResultGiven
    parietal_cell_antibody: ResultGiven
    copper: ResultGiven
    ceruloplasmin: ResultGiven
    zinc: ResultGiven
    tsh: ResultGiven
    schistocytes: ResultGiven
    blasts: ResultGiven
