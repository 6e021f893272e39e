-- NICE NG239: vitamin B12 deficiency in over 16s (2024, UK), by b12labs 0.2.0. NULL is the third answer: these results cannot tell.
WITH given AS (
  SELECT
    person_id AS own_1,
    drawn_at AS own_2,
    REPLACE(REPLACE(TRIM(CAST(b12_u AS TEXT)), ' ', ''), '^', '') AS b12_unit,
    CASE COALESCE(UPPER(TRIM(CAST(b12_op AS TEXT))), '') WHEN '' THEN '' WHEN '=' THEN '' WHEN 'EQ'
    THEN '' WHEN '0' THEN '' WHEN '<' THEN '<' WHEN 'LT' THEN '<' WHEN 'LESS THAN' THEN '<' WHEN '<='
    THEN '<=' WHEN 'LE' THEN '<=' WHEN '≤' THEN '<=' WHEN '=<' THEN '<=' WHEN '≦' THEN '<=' WHEN '⩽'
    THEN '<=' WHEN '>' THEN '>' WHEN 'GT' THEN '>' WHEN 'GREATER THAN' THEN '>' WHEN 'MORE THAN' THEN '>'
    WHEN '>=' THEN '>=' WHEN 'GE' THEN '>=' WHEN '≥' THEN '>=' WHEN '=>' THEN '>=' WHEN '≧' THEN '>='
    WHEN '⩾' THEN '>=' WHEN '0.0' THEN '' ELSE '?' END AS b12_bound,
    NULLIF(CAST(b12_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS b12_given,
    NULLIF(CAST(holotc_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS holotc_given,
    NULLIF(CAST(mma_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS mma_given,
    NULLIF(CAST(homocysteine_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS homocysteine_given,
    NULLIF(CAST(folate_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS folate_given,
    NULLIF(CAST(hemoglobin_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS hemoglobin_given,
    NULLIF(CAST(mcv_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS mcv_given,
    NULLIF(CAST(platelets_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS platelets_given,
    NULLIF(CAST(creatinine_result AS DOUBLE), CAST('NaN' AS DOUBLE)) AS creatinine_given,
    NULLIF(CAST(age_years AS DOUBLE), CAST('NaN' AS DOUBLE)) AS age_given,
    COALESCE(LOWER(TRIM(CAST(sex AS TEXT))), '') AS sex_given,
    COALESCE(LOWER(TRIM(CAST(is_pregnant AS TEXT))), '') AS pregnant_given,
    COALESCE(LOWER(TRIM(CAST(smokes AS TEXT))), '') AS smoking_given,
    COALESCE(LOWER(TRIM(CAST(on_metformin AS TEXT))), '') AS metformin_given,
    COALESCE(LOWER(TRIM(CAST(nitrous_oxide AS TEXT))), '') AS nitrous_oxide_given,
    COALESCE(LOWER(TRIM(CAST(tingling AS TEXT))), '') AS paresthesia_given
  FROM labs
), read_1 AS (
  SELECT
    *,
    CASE b12_unit WHEN 'ｎg/dl' THEN NULL WHEN 'nm' THEN NULL WHEN 'um' THEN NULL WHEN 'pm' THEN NULL
    WHEN 'mm' THEN NULL WHEN 'MM' THEN NULL WHEN 'NM' THEN NULL WHEN 'UM' THEN NULL WHEN 'PM' THEN NULL
    WHEN 'IU/L' THEN NULL ELSE CASE LOWER(b12_unit) WHEN 'pg/ml' THEN 1.0 WHEN 'ng/l' THEN 1.0
    WHEN 'pmol/l' THEN 1.35537 WHEN 'picogram/ml' THEN 1.0 WHEN 'ng/dl' THEN 10.0 WHEN 'ng/ml'
    THEN 1000.0 WHEN 'ug/l' THEN 1000.0 WHEN 'µg/l' THEN 1000.0 WHEN 'μg/l' THEN 1000.0 WHEN 'mcg/l'
    THEN 1000.0 WHEN 'microg/l' THEN 1000.0 WHEN 'microgram/l' THEN 1000.0 WHEN 'ug/dl' THEN 10000.0
    WHEN 'µg/dl' THEN 10000.0 WHEN 'μg/dl' THEN 10000.0 WHEN 'mcg/dl' THEN 10000.0 WHEN 'ug/ml'
    THEN 1000000.0 WHEN 'µg/ml' THEN 1000000.0 WHEN 'μg/ml' THEN 1000000.0 WHEN 'mcg/ml' THEN 1000000.0
    WHEN 'mg/l' THEN 1000000.0 WHEN 'mg/dl' THEN 10000000.0 WHEN 'mg%' THEN 10000000.0 WHEN 'mg/ml'
    THEN 1000000000.0 WHEN 'g/l' THEN 1000000000.0 WHEN 'gm/l' THEN 1000000000.0 WHEN 'g/liter'
    THEN 1000000000.0 WHEN 'g/ml' THEN 1000000000000.0 WHEN 'g/dl' THEN 10000000000.0 WHEN 'gm/dl'
    THEN 10000000000.0 WHEN 'g%' THEN 10000000000.0 WHEN 'gm%' THEN 10000000000.0 WHEN 'g/100ml'
    THEN 10000000000.0 WHEN 'fmol/l' THEN 0.00135537 WHEN 'pm' THEN 1.35537 WHEN 'picomol/l' THEN 1.35537
    WHEN 'nmol/l' THEN 1355.37 WHEN 'nm' THEN 1355.37 WHEN 'nanomol/l' THEN 1355.37 WHEN 'umol/l'
    THEN 1355370.0 WHEN 'µmol/l' THEN 1355370.0 WHEN 'μmol/l' THEN 1355370.0 WHEN 'mcmol/l'
    THEN 1355370.0 WHEN 'micromol/l' THEN 1355370.0 WHEN 'um' THEN 1355370.0 WHEN 'µm' THEN 1355370.0
    WHEN 'μm' THEN 1355370.0 WHEN 'micromole/l' THEN 1355370.0 WHEN 'mmol/l' THEN 1355370000.0 WHEN 'mm'
    THEN 1355370000.0 WHEN 'millimol/l' THEN 1355370000.0 WHEN 'nmol/ml' THEN 1355370.0 WHEN 'pmol/ml'
    THEN 1355.37 WHEN 'umol/ml' THEN 1355370000.0 WHEN 'µmol/ml' THEN 1355370000.0 WHEN 'μmol/ml'
    THEN 1355370000.0 WHEN 'nmol/dl' THEN 13553.7 ELSE NULL END END AS b12_factor,
    holotc_given BETWEEN 1.0 AND 5000.0 AS holotc_readable,
    mma_given BETWEEN 0.02 AND 1000.0 AS mma_readable,
    homocysteine_given BETWEEN 1.0 AND 1000.0 AS homocysteine_readable,
    folate_given * 2.26551880381 AS folate_value,
    hemoglobin_given * 10.0 AS hemoglobin_value,
    mcv_given BETWEEN 45.0 AND 200.0 AS mcv_readable,
    platelets_given BETWEEN 0.0 AND 5000.0 AS platelets_readable,
    creatinine_given BETWEEN 0.05 AND 40.0 AS creatinine_readable,
    CASE WHEN age_given BETWEEN 0.0 AND 130.0 THEN age_given END AS age,
    NOT COALESCE(age_given BETWEEN 0.0 AND 130.0, TRUE) AS age_unreadable,
    CASE sex_given WHEN 'female' THEN 'female' WHEN 'f' THEN 'female' WHEN 'woman' THEN 'female' WHEN 'w'
    THEN 'female' WHEN 'girl' THEN 'female' WHEN 'weiblich' THEN 'female' WHEN 'frau' THEN 'female'
    WHEN 'femme' THEN 'female' WHEN 'féminin' THEN 'female' WHEN 'femmina' THEN 'female' WHEN 'donna'
    THEN 'female' WHEN 'vrouw' THEN 'female' WHEN 'kvinde' THEN 'female' WHEN 'kvinne' THEN 'female'
    WHEN 'kvinna' THEN 'female' WHEN 'nainen' THEN 'female' WHEN 'mujer' THEN 'female' WHEN 'femenino'
    THEN 'female' WHEN 'mulher' THEN 'female' WHEN 'feminino' THEN 'female' WHEN 'male' THEN 'male'
    WHEN 'm' THEN 'male' WHEN 'man' THEN 'male' WHEN 'boy' THEN 'male' WHEN 'männlich' THEN 'male'
    WHEN 'mann' THEN 'male' WHEN 'homme' THEN 'male' WHEN 'masculin' THEN 'male' WHEN 'maschio'
    THEN 'male' WHEN 'uomo' THEN 'male' WHEN 'mand' THEN 'male' WHEN 'mies' THEN 'male' WHEN 'hombre'
    THEN 'male' WHEN 'masculino' THEN 'male' WHEN 'homem' THEN 'male' WHEN '' THEN NULL WHEN 'unknown'
    THEN NULL WHEN 'u' THEN NULL WHEN 'na' THEN NULL WHEN 'n/a' THEN NULL WHEN 'nan' THEN NULL
    WHEN 'none' THEN NULL WHEN 'other' THEN NULL WHEN 'o' THEN NULL WHEN 'not specified' THEN NULL
    ELSE NULL END AS sex_said,
    CASE pregnant_given WHEN '1' THEN 2 WHEN 'true' THEN 2 WHEN 'yes' THEN 2 WHEN '1.0' THEN 2
    WHEN 'pregnant' THEN 2 WHEN 't' THEN 2 WHEN 'y' THEN 2 WHEN '0' THEN 3 WHEN 'false' THEN 3 WHEN 'no'
    THEN 3 WHEN '0.0' THEN 3 WHEN 'f' THEN 3 WHEN 'n' THEN 3 WHEN 'not pregnant' THEN 3 WHEN '' THEN 0
    WHEN 'nan' THEN 0 WHEN '<na>' THEN 0 ELSE 1 END AS pregnancy_said,
    CASE smoking_given WHEN '1' THEN TRUE WHEN 'true' THEN TRUE WHEN 'yes' THEN TRUE WHEN '1.0' THEN TRUE
    WHEN 'pregnant' THEN TRUE WHEN 't' THEN TRUE WHEN 'y' THEN TRUE WHEN '0' THEN FALSE WHEN 'false'
    THEN FALSE WHEN 'no' THEN FALSE WHEN '0.0' THEN FALSE WHEN 'f' THEN FALSE WHEN 'n' THEN FALSE
    WHEN 'not pregnant' THEN FALSE WHEN '' THEN FALSE WHEN '<na>' THEN FALSE WHEN 'n/a' THEN FALSE
    WHEN 'na' THEN FALSE WHEN 'nan' THEN FALSE WHEN 'none' THEN FALSE WHEN 'unknown' THEN FALSE ELSE NULL
    END AS smoking,
    CASE metformin_given WHEN '1' THEN TRUE WHEN 'true' THEN TRUE WHEN 'yes' THEN TRUE WHEN '1.0'
    THEN TRUE WHEN 'pregnant' THEN TRUE WHEN 't' THEN TRUE WHEN 'y' THEN TRUE WHEN '0' THEN FALSE
    WHEN 'false' THEN FALSE WHEN 'no' THEN FALSE WHEN '0.0' THEN FALSE WHEN 'f' THEN FALSE WHEN 'n'
    THEN FALSE WHEN 'not pregnant' THEN FALSE WHEN '' THEN FALSE WHEN '<na>' THEN FALSE WHEN 'n/a'
    THEN FALSE WHEN 'na' THEN FALSE WHEN 'nan' THEN FALSE WHEN 'none' THEN FALSE WHEN 'unknown'
    THEN FALSE ELSE NULL END AS metformin,
    CASE nitrous_oxide_given WHEN '1' THEN TRUE WHEN 'true' THEN TRUE WHEN 'yes' THEN TRUE WHEN '1.0'
    THEN TRUE WHEN 'pregnant' THEN TRUE WHEN 't' THEN TRUE WHEN 'y' THEN TRUE WHEN '0' THEN FALSE
    WHEN 'false' THEN FALSE WHEN 'no' THEN FALSE WHEN '0.0' THEN FALSE WHEN 'f' THEN FALSE WHEN 'n'
    THEN FALSE WHEN 'not pregnant' THEN FALSE WHEN '' THEN FALSE WHEN '<na>' THEN FALSE WHEN 'n/a'
    THEN FALSE WHEN 'na' THEN FALSE WHEN 'nan' THEN FALSE WHEN 'none' THEN FALSE WHEN 'unknown'
    THEN FALSE ELSE NULL END AS nitrous_oxide,
    CASE paresthesia_given WHEN '1' THEN TRUE WHEN 'true' THEN TRUE WHEN 'yes' THEN TRUE WHEN '1.0'
    THEN TRUE WHEN 'pregnant' THEN TRUE WHEN 't' THEN TRUE WHEN 'y' THEN TRUE WHEN '0' THEN FALSE
    WHEN 'false' THEN FALSE WHEN 'no' THEN FALSE WHEN '0.0' THEN FALSE WHEN 'f' THEN FALSE WHEN 'n'
    THEN FALSE WHEN 'not pregnant' THEN FALSE WHEN '' THEN FALSE WHEN '<na>' THEN FALSE WHEN 'n/a'
    THEN FALSE WHEN 'na' THEN FALSE WHEN 'nan' THEN FALSE WHEN 'none' THEN FALSE WHEN 'unknown'
    THEN FALSE ELSE NULL END AS paresthesia
  FROM given
), read_2 AS (
  SELECT
    *,
    b12_given * b12_factor AS b12_value,
    CASE WHEN holotc_readable THEN holotc_given END AS holotc_stated,
    CASE WHEN mma_readable THEN mma_given END AS mma_stated,
    CASE WHEN homocysteine_readable THEN homocysteine_given END AS homocysteine_stated,
    folate_value BETWEEN 0.4 AND 2000.0 AS folate_readable,
    hemoglobin_value BETWEEN 5.0 AND 300.0 AS hemoglobin_readable,
    CASE WHEN mcv_readable THEN mcv_given END AS mcv_stated,
    CASE WHEN platelets_readable THEN platelets_given END AS platelets_stated,
    CASE WHEN creatinine_readable THEN creatinine_given END AS creatinine_stated,
    CASE pregnancy_said WHEN 1 THEN 5 WHEN 2 THEN 4 ELSE 0 END AS pregnancy_stated,
    CASE WHEN age_unreadable THEN -2.0 WHEN age >= 65.0 THEN 65.0 WHEN age >= 50.0 THEN 50.0
    WHEN age >= 18.0 THEN 18.0 WHEN age >= 16.0 THEN 16.0 WHEN age >= 15.0 THEN 15.0 WHEN age >= 12.0
    THEN 12.0 WHEN age >= 11.0 THEN 11.0 WHEN age >= 10.0 THEN 10.0 WHEN age >= 7.0 THEN 7.0
    WHEN age >= 5.0 THEN 5.0 WHEN age >= 4.0 THEN 4.0 WHEN age >= 3.0 THEN 3.0 WHEN age >= 2.0 THEN 2.0
    WHEN age >= 1.0 THEN 1.0 WHEN age >= 0.5 THEN 0.5 WHEN age >= 0.25 THEN 0.25 WHEN age >= 0.1666666666
    THEN 0.1666666666 WHEN age >= 0.0833333333 THEN 0.0833333333 WHEN age >= 0.0383299111
    THEN 0.0383299111 WHEN age >= 0.0 THEN 0.0 ELSE -1.0 END AS age_from
  FROM read_1
), read_3 AS (
  SELECT
    *,
    b12_value BETWEEN 5.0 AND 300000.0 AND b12_bound <> '?' AS b12_readable,
    COALESCE(mma_stated >= 60.0, FALSE) AS mma_doubtful,
    mma_stated * 0.001 AS mma_otherwise,
    CASE WHEN folate_readable THEN folate_value END AS folate_stated,
    CASE WHEN hemoglobin_readable THEN hemoglobin_value END AS hemoglobin_stated,
    COALESCE(pregnancy_stated BETWEEN 1.0 AND 4.0 AND sex_said = 'male', FALSE) AS pregnant_man
  FROM read_2
), read_4 AS (
  SELECT
    *,
    CASE WHEN b12_readable THEN b12_value END AS b12_stated,
    CASE WHEN mma_doubtful THEN mma_otherwise ELSE mma_stated END AS mma_least,
    CASE WHEN pregnant_man THEN 5 ELSE pregnancy_stated END AS pregnancy_2,
    CASE WHEN pregnant_man THEN NULL WHEN pregnancy_stated BETWEEN 1.0 AND 4.0 THEN 'female'
    ELSE sex_said END AS sex_known
  FROM read_3
), read_5 AS (
  SELECT
    *,
    CASE WHEN b12_stated IS NOT NULL THEN CASE b12_bound WHEN '<' THEN 0 WHEN '<=' THEN 0 WHEN '>'
    THEN b12_stated * (1 + 1e-08) ELSE b12_stated END END AS b12_at_least,
    CASE b12_bound WHEN '<' THEN b12_stated * (1 - 1e-08) WHEN '>' THEN NULL WHEN '>=' THEN NULL
    ELSE b12_stated END AS b12_at_most,
    COALESCE(
      b12_stated > 50000.0
      AND b12_stated >= 0.0
      AND CASE b12_factor
        WHEN 1.0
        THEN TRUE
        WHEN 1.35537
        THEN TRUE
        WHEN 1000.0
        THEN TRUE
        WHEN 1355.37
        THEN TRUE
        ELSE FALSE
      END,
      FALSE
    ) AS b12_doubtful,
    b12_stated * 0.001 AS b12_otherwise,
    CASE WHEN sex_known = 'female' AND pregnancy_2 = 0 THEN 'woman' WHEN sex_known = 'male' THEN 'man'
    WHEN sex_known IS NULL AND pregnancy_2 = 0 THEN 'sex unknown' WHEN sex_known = 'female'
    AND pregnancy_2 = 1 THEN 'first trimester' WHEN sex_known = 'female' AND pregnancy_2 = 2
    THEN 'second trimester' WHEN sex_known = 'female' AND pregnancy_2 = 3 THEN 'third trimester'
    WHEN sex_known = 'female' AND pregnancy_2 = 4 THEN 'pregnant' WHEN sex_known = 'female'
    AND pregnancy_2 = 5 THEN 'woman, perhaps pregnant' WHEN sex_known IS NULL AND pregnancy_2 = 5
    THEN 'perhaps a pregnant woman' END AS who
  FROM read_4
), read_6 AS (
  SELECT
    *,
    CASE WHEN b12_otherwise IS NOT NULL THEN CASE b12_bound WHEN '<' THEN 0 WHEN '<=' THEN 0 WHEN '>'
    THEN b12_otherwise * (1 + 1e-08) ELSE b12_otherwise END END AS b12_otherwise_at_least,
    CASE b12_bound WHEN '<' THEN b12_otherwise * (1 - 1e-08) WHEN '>' THEN NULL WHEN '>=' THEN NULL
    ELSE b12_otherwise END AS b12_otherwise_at_most
  FROM read_5
), read_7 AS (
  SELECT
    *,
    CASE WHEN b12_doubtful THEN b12_otherwise_at_least ELSE b12_at_least END AS b12_least
  FROM read_6
), rules_1 AS (
  SELECT
    *,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 0.371 WHEN 'second trimester'
    THEN 0.374 ELSE 0.28 END WHEN age_from = -2.0 THEN CASE who WHEN 'first trimester' THEN 0.3
    WHEN 'second trimester' THEN 0.3 ELSE 0.28 END WHEN age_from >= 18.0 THEN CASE who
    WHEN 'first trimester' THEN 0.371 WHEN 'second trimester' THEN 0.374 ELSE 0.28 END
    WHEN age_from >= 15.0 THEN CASE who WHEN 'first trimester' THEN 0.371 WHEN 'second trimester'
    THEN 0.374 ELSE 0.35 END WHEN age_from >= 12.0 THEN 0.35 WHEN age_from >= 1.0 THEN 0.3
    WHEN age_from >= 0.0 THEN 1.25 END AS limit_mma_raised_least,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 0.371 WHEN 'second trimester'
    THEN 0.374 WHEN 'pregnant' THEN 0.374 WHEN 'woman, perhaps pregnant' THEN 0.374
    WHEN 'perhaps a pregnant woman' THEN 0.374 ELSE 0.28 END WHEN age_from = -2.0 THEN 1.25
    WHEN age_from >= 18.0 THEN CASE who WHEN 'first trimester' THEN 0.371 WHEN 'second trimester'
    THEN 0.374 WHEN 'pregnant' THEN 0.374 WHEN 'woman, perhaps pregnant' THEN 0.374
    WHEN 'perhaps a pregnant woman' THEN 0.374 ELSE 0.28 END WHEN age_from >= 15.0 THEN CASE who
    WHEN 'first trimester' THEN 0.371 WHEN 'second trimester' THEN 0.374 WHEN 'pregnant' THEN 0.374
    WHEN 'woman, perhaps pregnant' THEN 0.374 WHEN 'perhaps a pregnant woman' THEN 0.374 ELSE 0.35 END
    WHEN age_from >= 11.0 THEN 0.35 WHEN age_from >= 1.0 THEN 0.3 WHEN age_from >= 0.0 THEN 1.25 END AS limit_mma_raised_most,
    CASE WHEN age_unreadable THEN 0 ELSE COALESCE(age, 18.0) END AS age_at_least,
    creatinine_stated / 0.7 AS estimated_gfr_part,
    POWER(0.9938, age) AS estimated_gfr_part_low,
    creatinine_stated / 0.9 AS estimated_gfr_part_2,
    sex_known = 'female' AS estimated_gfr_part_if,
    CASE WHEN mma_least > 0.75 * (1 + 1e-09) THEN TRUE WHEN mma_stated <= 0.75 * (1 + 1e-09) THEN FALSE
    END AS above_mma_marked,
    CASE WHEN age_from = -1.0 THEN 1.45 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 1.45
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_urine_mma_raised_least,
    CASE WHEN age_from = -1.0 THEN 1.45 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 1.45
    WHEN age_from >= 0.0 THEN NULL END AS limit_urine_mma_raised_most,
    CASE WHEN age_from = -1.0 THEN 15.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 15.0
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_homocysteine_raised_least,
    CASE WHEN age_from = -1.0 THEN 340.0 WHEN age_from = -2.0 THEN 305.0 WHEN age_from >= 18.0 THEN 340.0
    WHEN age_from >= 0.0 THEN 305.0 END AS limit_rbc_folate_deficient_least,
    CASE WHEN age_from = -1.0 THEN 340.0 WHEN age_from = -2.0 THEN 340.0 WHEN age_from >= 18.0 THEN 340.0
    WHEN age_from >= 0.0 THEN 305.0 END AS limit_rbc_folate_deficient_most,
    COALESCE(hemoglobin_stated, 0.0) AS hemoglobin_low,
    CASE WHEN hemoglobin_stated IS NULL THEN CAST(NULL AS DOUBLE) ELSE hemoglobin_stated END AS hemoglobin_high,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'woman' THEN 120.0 WHEN 'man' THEN 130.0
    WHEN 'sex unknown' THEN 120.0 WHEN 'first trimester' THEN 110.0 WHEN 'third trimester' THEN 110.0
    ELSE 105.0 END WHEN age_from = -2.0 THEN 70.0 WHEN age_from >= 15.0 THEN CASE who WHEN 'woman'
    THEN 120.0 WHEN 'man' THEN 130.0 WHEN 'sex unknown' THEN 120.0 WHEN 'first trimester' THEN 110.0
    WHEN 'third trimester' THEN 110.0 ELSE 105.0 END WHEN age_from >= 12.0 THEN CASE who WHEN 'woman'
    THEN 120.0 WHEN 'man' THEN 120.0 WHEN 'sex unknown' THEN 120.0 WHEN 'first trimester' THEN 110.0
    WHEN 'third trimester' THEN 110.0 ELSE 105.0 END WHEN age_from >= 5.0 THEN 115.0 WHEN age_from >= 2.0
    THEN 110.0 WHEN age_from >= 0.5 THEN 105.0 WHEN age_from >= 0.0 THEN 70.0 END AS limit_hemoglobin_low_least,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'woman' THEN 120.0 WHEN 'first trimester' THEN 110.0
    WHEN 'second trimester' THEN 105.0 WHEN 'third trimester' THEN 110.0 WHEN 'pregnant' THEN 110.0
    WHEN 'woman, perhaps pregnant' THEN 120.0 ELSE 130.0 END WHEN age_from = -2.0 THEN NULL
    WHEN age_from >= 15.0 THEN CASE who WHEN 'woman' THEN 120.0 WHEN 'first trimester' THEN 110.0
    WHEN 'second trimester' THEN 105.0 WHEN 'third trimester' THEN 110.0 WHEN 'pregnant' THEN 110.0
    WHEN 'woman, perhaps pregnant' THEN 120.0 ELSE 130.0 END WHEN age_from >= 12.0 THEN CASE who
    WHEN 'first trimester' THEN 110.0 WHEN 'second trimester' THEN 105.0 WHEN 'third trimester'
    THEN 110.0 WHEN 'pregnant' THEN 110.0 ELSE 120.0 END WHEN age_from >= 5.0 THEN 115.0
    WHEN age_from >= 2.0 THEN 110.0 WHEN age_from >= 0.5 THEN 105.0 WHEN age_from >= 0.0 THEN NULL END AS limit_hemoglobin_low_most,
    COALESCE(mcv_stated, 0.0) AS mcv_low,
    CASE WHEN mcv_stated IS NULL THEN CAST(NULL AS DOUBLE) ELSE mcv_stated END AS mcv_high,
    CASE WHEN age_from = -1.0 THEN 100.0 WHEN age_from = -2.0 THEN 85.0 WHEN age_from >= 18.0 THEN 100.0
    WHEN age_from >= 15.0 THEN 96.0 WHEN age_from >= 11.0 THEN 95.0 WHEN age_from >= 7.0 THEN 92.0
    WHEN age_from >= 4.0 THEN 91.0 WHEN age_from >= 2.0 THEN 89.0 WHEN age_from >= 0.5 THEN 85.0
    WHEN age_from >= 0.25 THEN 108.0 WHEN age_from >= 0.0833333333 THEN 112.0 WHEN age_from >= 0.0
    THEN 123.0 END AS limit_mcv_high_least,
    CASE WHEN age_from = -1.0 THEN 100.0 WHEN age_from = -2.0 THEN 123.0 WHEN age_from >= 18.0 THEN 100.0
    WHEN age_from >= 15.0 THEN 96.0 WHEN age_from >= 11.0 THEN 95.0 WHEN age_from >= 7.0 THEN 92.0
    WHEN age_from >= 4.0 THEN 91.0 WHEN age_from >= 1.0 THEN 89.0 WHEN age_from >= 0.5 THEN 85.0
    WHEN age_from >= 0.25 THEN 108.0 WHEN age_from >= 0.0833333333 THEN 112.0 WHEN age_from >= 0.0
    THEN 123.0 END AS limit_mcv_high_most,
    CASE WHEN age_from = -1.0 THEN 14.5 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 14.5
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_rdw_high_least,
    CASE WHEN age_from = -1.0 THEN 15.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 15.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_rdw_high_most,
    CASE WHEN age_from = -1.0 THEN 80.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 80.0
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_mcv_low_least,
    CASE WHEN age_from = -1.0 THEN 83.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 83.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_mcv_low_most,
    CASE WHEN age_from = -1.0 THEN 15.0 WHEN age_from = -2.0 THEN 12.0 WHEN age_from >= 5.0 THEN 15.0
    WHEN age_from >= 0.0 THEN 12.0 END AS limit_ferritin_low_least,
    CASE WHEN age_from = -1.0 THEN 15.0 WHEN age_from = -2.0 THEN 15.0 WHEN age_from >= 5.0 THEN 15.0
    WHEN age_from >= 0.0 THEN 12.0 END AS limit_ferritin_low_most,
    CASE WHEN age_from = -1.0 THEN 70.0 WHEN age_from = -2.0 THEN 30.0 WHEN age_from >= 5.0 THEN 70.0
    WHEN age_from >= 0.0 THEN 30.0 END AS limit_ferritin_low_inflamed_least,
    CASE WHEN age_from = -1.0 THEN 70.0 WHEN age_from = -2.0 THEN 70.0 WHEN age_from >= 5.0 THEN 70.0
    WHEN age_from >= 0.0 THEN 30.0 END AS limit_ferritin_low_inflamed_most,
    CASE WHEN age_from = -1.0 THEN 16.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 16.0
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_transferrin_saturation_low_least,
    CASE WHEN age_from = -1.0 THEN 20.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 20.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_transferrin_saturation_low_most,
    CASE WHEN age_from = -1.0 THEN 199.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 10.0 THEN 199.0
    WHEN age_from >= 1.0 THEN 270.0 WHEN age_from >= 0.0383299111 THEN 380.0 WHEN age_from >= 0.0
    THEN 0.0 END AS limit_ldh_raised_least,
    CASE WHEN age_from = -1.0 THEN 280.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 10.0 THEN 280.0
    WHEN age_from >= 1.0 THEN 270.0 WHEN age_from >= 0.0383299111 THEN 380.0 WHEN age_from >= 0.0
    THEN NULL END AS limit_ldh_raised_most,
    CASE WHEN age_from = -1.0 THEN 20.524398378599997 WHEN age_from = -2.0 THEN NULL
    WHEN age_from >= 18.0 THEN 20.524398378599997 WHEN age_from >= 0.0 THEN NULL END AS limit_bilirubin_indirect_raised_most,
    CASE
    WHEN (0.0 * ((((hemoglobin_stated / 370.0) * 100.0) / NULLIF(mcv_stated, 0)) * 10.0)) * 10.0 > 100.0 * (1 + 1e-09)
    THEN TRUE END AS many_reticulocytes,
    CASE WHEN age_from = -1.0 THEN 150.0 WHEN age_from = -2.0 THEN 100.0 WHEN age_from >= 18.0 THEN 150.0
    WHEN age_from >= 0.0 THEN 100.0 END AS limit_platelets_low_least,
    CASE WHEN age_from = -1.0 THEN 150.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 150.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_platelets_low_most,
    CASE WHEN pregnancy_2 <> 5 THEN pregnancy_2 > 0 END AS pregnant,
    platelets_stated < 100.0 * (1 - 1e-09) AS moderate_thrombocytopenia,
    CASE WHEN age_from = -1.0 THEN 4.0 WHEN age_from = -2.0 THEN 3.0 WHEN age_from >= 18.0 THEN 4.0
    WHEN age_from >= 0.0 THEN 3.0 END AS limit_wbc_low_least,
    CASE WHEN age_from = -1.0 THEN 4.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 4.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_wbc_low_most,
    CASE WHEN age_from = -1.0 THEN 1.5 WHEN age_from = -2.0 THEN 1.0 WHEN age_from >= 18.0 THEN 1.5
    WHEN age_from >= 0.0 THEN 1.0 END AS limit_neutrophils_low_least,
    CASE WHEN age_from = -1.0 THEN 1.5 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 1.5
    WHEN age_from >= 0.0 THEN NULL END AS limit_neutrophils_low_most,
    CASE WHEN age_from = -1.0 THEN 349.68546 WHEN age_from = -2.0 THEN 352.39619999999996
    WHEN age_from >= 12.0 THEN 349.68546 WHEN age_from >= 1.0 THEN 352.39619999999996
    WHEN age_from >= 0.0 THEN 349.68546 END AS limit_b12_adequate_most,
    CASE WHEN age_from = -1.0 THEN 350.0 WHEN age_from = -2.0 THEN 352.39619999999996
    WHEN age_from >= 12.0 THEN 350.0 WHEN age_from >= 1.0 THEN 352.39619999999996 WHEN age_from >= 0.0
    THEN 350.0 END AS limit_b12_adequate_most_2,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN 349.68546 ELSE 350.0 END AS limit_b12_adequate_least,
    CASE WHEN age_from = -1.0 THEN 70.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 16.0 THEN 70.0
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_holotc_adequate_least,
    CASE WHEN age_from = -1.0 THEN 70.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 16.0 THEN 70.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_holotc_adequate_most,
    CASE WHEN age_from = -1.0 THEN 180.26421 WHEN age_from = -2.0 THEN 170.77662 WHEN age_from >= 1.0
    THEN 180.26421 WHEN age_from >= 0.1666666666 THEN 170.77662 WHEN age_from >= 0.0 THEN 180.26421 END AS limit_b12_deficient_least,
    CASE WHEN age_from = -1.0 THEN 180.0 WHEN age_from = -2.0 THEN 170.77662 WHEN age_from >= 1.0
    THEN 180.0 WHEN age_from >= 0.1666666666 THEN 170.77662 WHEN age_from >= 0.0 THEN 180.0 END AS limit_b12_deficient_least_2,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN 180.26421 ELSE 180.0 END AS limit_b12_deficient_most,
    CASE WHEN age_from = -1.0 THEN 25.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 16.0 THEN 25.0
    WHEN age_from >= 15.0 THEN CASE who WHEN 'first trimester' THEN 29.5 WHEN 'second trimester'
    THEN 26.0 ELSE 0.0 END WHEN age_from >= 0.0 THEN 0.0 END AS limit_holotc_deficient_least,
    CASE WHEN age_from = -1.0 THEN 25.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 16.0 THEN 25.0
    WHEN age_from >= 15.0 THEN CASE who WHEN 'first trimester' THEN 29.5 WHEN 'second trimester'
    THEN 26.0 ELSE NULL END WHEN age_from >= 0.0 THEN NULL END AS limit_holotc_deficient_most,
    NOT nitrous_oxide AS remethylation_defect_suspected_part_2,
    COALESCE(platelets_stated < 30.0 * (1 - 1e-09), FALSE) AS very_low_platelets,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 121.847763
    WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester' THEN 98.94201 WHEN 'pregnant'
    THEN 98.94201 ELSE 0.0 END WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 15.0 THEN CASE who
    WHEN 'first trimester' THEN 121.847763 WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester'
    THEN 98.94201 WHEN 'pregnant' THEN 98.94201 ELSE 0.0 END WHEN age_from >= 0.0 THEN 0.0 END AS limit_b12_pregnancy_least,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 121.847763
    WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester' THEN 98.94201 WHEN 'pregnant'
    THEN 121.847763 ELSE NULL END WHEN age_from = -2.0 THEN NULL WHEN age_from >= 15.0 THEN CASE who
    WHEN 'first trimester' THEN 121.847763 WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester'
    THEN 98.94201 WHEN 'pregnant' THEN 121.847763 ELSE NULL END WHEN age_from >= 0.0 THEN NULL END AS limit_b12_pregnancy_most,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 121.847763
    WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester' THEN 99.0 WHEN 'pregnant' THEN 99.0
    ELSE 0.0 END WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 15.0 THEN CASE who WHEN 'first trimester'
    THEN 121.847763 WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester' THEN 99.0
    WHEN 'pregnant' THEN 99.0 ELSE 0.0 END WHEN age_from >= 0.0 THEN 0.0 END AS limit_b12_pregnancy_least_2,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 121.847763
    WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester' THEN 99.0 WHEN 'pregnant'
    THEN 121.847763 ELSE NULL END WHEN age_from = -2.0 THEN NULL WHEN age_from >= 15.0 THEN CASE who
    WHEN 'first trimester' THEN 121.847763 WHEN 'second trimester' THEN 113.85108 WHEN 'third trimester'
    THEN 99.0 WHEN 'pregnant' THEN 121.847763 ELSE NULL END WHEN age_from >= 0.0 THEN NULL END AS limit_b12_pregnancy_most_2,
    CASE WHEN age_from = -1.0 THEN 113.85108 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0
    THEN 113.85108 WHEN age_from >= 0.0 THEN 0.0 END AS limit_b12_binding_protein_least,
    CASE WHEN age_from = -1.0 THEN 113.85108 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0
    THEN 113.85108 WHEN age_from >= 0.0 THEN NULL END AS limit_b12_binding_protein_most,
    (mcv_stated * 0.0) / 10.0 AS hematocrit_low,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'woman' THEN 80.0 WHEN 'man' THEN 80.0
    WHEN 'sex unknown' THEN 80.0 ELSE 70.0 END WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 12.0
    THEN CASE who WHEN 'woman' THEN 80.0 WHEN 'man' THEN 80.0 WHEN 'sex unknown' THEN 80.0 ELSE 70.0 END
    WHEN age_from >= 5.0 THEN 80.0 WHEN age_from >= 0.5 THEN 70.0 WHEN age_from >= 0.0 THEN 0.0 END AS limit_hemoglobin_severe_least,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 70.0 WHEN 'second trimester'
    THEN 70.0 WHEN 'third trimester' THEN 70.0 WHEN 'pregnant' THEN 70.0 ELSE 80.0 END
    WHEN age_from = -2.0 THEN 80.0 WHEN age_from >= 12.0 THEN CASE who WHEN 'first trimester' THEN 70.0
    WHEN 'second trimester' THEN 70.0 WHEN 'third trimester' THEN 70.0 WHEN 'pregnant' THEN 70.0
    ELSE 80.0 END WHEN age_from >= 5.0 THEN 80.0 WHEN age_from >= 0.0 THEN 70.0 END AS limit_hemoglobin_severe_most,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'woman' THEN 110.0 WHEN 'man' THEN 110.0
    WHEN 'sex unknown' THEN 110.0 WHEN 'first trimester' THEN 100.0 WHEN 'third trimester' THEN 100.0
    ELSE 95.0 END WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 12.0 THEN CASE who WHEN 'woman'
    THEN 110.0 WHEN 'man' THEN 110.0 WHEN 'sex unknown' THEN 110.0 WHEN 'first trimester' THEN 100.0
    WHEN 'third trimester' THEN 100.0 ELSE 95.0 END WHEN age_from >= 5.0 THEN 110.0 WHEN age_from >= 2.0
    THEN 100.0 WHEN age_from >= 0.5 THEN 95.0 WHEN age_from >= 0.0 THEN 0.0 END AS limit_hemoglobin_moderate_least,
    CASE WHEN age_from = -1.0 THEN CASE who WHEN 'first trimester' THEN 100.0 WHEN 'second trimester'
    THEN 95.0 WHEN 'third trimester' THEN 100.0 WHEN 'pregnant' THEN 100.0 ELSE 110.0 END
    WHEN age_from = -2.0 THEN NULL WHEN age_from >= 12.0 THEN CASE who WHEN 'first trimester' THEN 100.0
    WHEN 'second trimester' THEN 95.0 WHEN 'third trimester' THEN 100.0 WHEN 'pregnant' THEN 100.0
    ELSE 110.0 END WHEN age_from >= 5.0 THEN 110.0 WHEN age_from >= 2.0 THEN 100.0 WHEN age_from >= 0.5
    THEN 95.0 WHEN age_from >= 0.0 THEN NULL END AS limit_hemoglobin_moderate_most,
    CASE WHEN age_from = -1.0 THEN 115.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0 THEN 115.0
    WHEN age_from >= 0.0 THEN 0.0 END AS limit_mcv_marked_least,
    CASE WHEN age_from = -1.0 THEN 115.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 115.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_mcv_marked_most,
    -- Platelets are severely low: there is a risk of bleeding.
    platelets_stated < 50.0 * (1 - 1e-09) AS severe_thrombocytopenia,
    CASE WHEN age_from = -1.0 THEN 20.524398378599997 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 18.0
    THEN 20.524398378599997 WHEN age_from >= 0.0 THEN 0.0 END AS limit_bilirubin_total_raised_least,
    -- The spinal cord is at risk: treat without waiting, once blood is taken.
    paresthesia AND nitrous_oxide AS cord_at_risk,
    CASE WHEN age_from = -1.0 THEN 80.0 WHEN age_from = -2.0 THEN NULL WHEN age_from >= 18.0 THEN 80.0
    WHEN age_from >= 0.0 THEN NULL END AS limit_hemoglobin_very_low_most,
    CASE WHEN homocysteine_stated > 100.0 * (1 + 1e-09) THEN TRUE
    WHEN homocysteine_stated <= 50.0 * (1 + 1e-09) THEN FALSE END AS above_homocysteine_very_high,
    CASE WHEN age_from = -1.0 THEN 0.0 WHEN age_from = -2.0 THEN 0.0 WHEN age_from >= 65.0 THEN 0.46
    WHEN age_from >= 50.0 THEN 0.36 WHEN age_from >= 0.0 THEN 0.0 END AS limit_mma_at_age_least,
    CASE WHEN age_from = -1.0 THEN NULL WHEN age_from = -2.0 THEN NULL WHEN age_from >= 65.0 THEN 0.46
    WHEN age_from >= 50.0 THEN 0.36 WHEN age_from >= 0.0 THEN NULL END AS limit_mma_at_age_most,
    b12_given IS NOT NULL AND NOT COALESCE(b12_readable, FALSE) OR b12_doubtful AS unverified_result_part,
    holotc_given IS NOT NULL AND NOT COALESCE(holotc_readable, FALSE) AS unverified_result_part_2,
    mma_given IS NOT NULL AND NOT COALESCE(mma_readable, FALSE) OR mma_doubtful AS unverified_result_part_3,
    homocysteine_given IS NOT NULL AND NOT COALESCE(homocysteine_readable, FALSE) AS unverified_result_part_4,
    hemoglobin_given IS NOT NULL AND NOT COALESCE(hemoglobin_readable, FALSE) AS unverified_result_part_5,
    mcv_given IS NOT NULL AND NOT COALESCE(mcv_readable, FALSE) AS unverified_result_part_6,
    platelets_given IS NOT NULL AND NOT COALESCE(platelets_readable, FALSE) AS unverified_result_part_7
  FROM read_7
), rules_2 AS (
  SELECT
    *,
    -- MMA is raised.
    CASE WHEN mma_least > limit_mma_raised_most * (1 + 1e-09) THEN TRUE
    WHEN mma_stated <= limit_mma_raised_least * (1 + 1e-09) THEN FALSE END AS raised_mma,
    POWER(0.9938, age_at_least) AS estimated_gfr_part_high,
    (
      (
        (
          142.0 * POWER(
            CASE WHEN estimated_gfr_part <= 1.0 THEN estimated_gfr_part ELSE COALESCE(1.0, estimated_gfr_part) END,
            -0.241
          )
        ) * POWER(
          CASE WHEN estimated_gfr_part >= 1.0 THEN estimated_gfr_part WHEN estimated_gfr_part < 1.0 THEN 1.0 END,
          -1.2
        )
      ) * estimated_gfr_part_low
    ) * 1.012 AS estimated_gfr_part_one_low,
    (
      (
        142.0 * POWER(
          CASE
            WHEN estimated_gfr_part_2 <= 1.0
            THEN estimated_gfr_part_2
            ELSE COALESCE(1.0, estimated_gfr_part_2)
          END,
          -0.302
        )
      ) * POWER(
        CASE
          WHEN estimated_gfr_part_2 >= 1.0
          THEN estimated_gfr_part_2
          WHEN estimated_gfr_part_2 < 1.0
          THEN 1.0
        END,
        -1.2
      )
    ) * estimated_gfr_part_low AS estimated_gfr_part_other_low,
    NOT CASE
      WHEN age < 18.0 * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN age_at_least >= 18.0 * (
        1 - 1e-09
      )
      THEN FALSE
    END AS estimated_gfr_if,
    -- Urine MMA/creatinine, which does not depend on kidney function, is raised.
    CASE WHEN 0.0 > limit_urine_mma_raised_most * (1 + 1e-09) THEN TRUE END AS raised_urine_mma,
    -- Homocysteine is raised.
    CASE WHEN homocysteine_stated > 15.0 * (1 + 1e-09) THEN TRUE
    WHEN homocysteine_stated <= limit_homocysteine_raised_least * (1 + 1e-09) THEN FALSE END AS raised_homocysteine,
    CASE WHEN 0.0 >= limit_rbc_folate_deficient_most * (1 - 1e-09) THEN FALSE END AS low_red_cell_folate,
    hemoglobin_low - CASE
      WHEN smoking
      THEN 6.0
      WHEN NOT smoking
      THEN 0.0
      ELSE CASE WHEN 6.0 >= 0.0 THEN 6.0 WHEN 6.0 < 0.0 THEN 0.0 END
    END AS adjusted_hemoglobin_low,
    hemoglobin_high - CASE
      WHEN smoking
      THEN 3.0
      WHEN NOT smoking
      THEN 0.0
      ELSE CASE WHEN 3.0 <= 0.0 THEN 3.0 WHEN 3.0 > 0.0 THEN 0.0 END
    END AS adjusted_hemoglobin_high,
    -- Red cells are larger than the limit for age.
    CASE WHEN mcv_low > limit_mcv_high_most * (1 + 1e-09) THEN TRUE
    WHEN mcv_high <= limit_mcv_high_least * (1 + 1e-09) THEN FALSE END AS macrocytosis,
    -- Red cells vary in size more than normal.
    CASE WHEN 0.0 > limit_rdw_high_most * (1 + 1e-09) THEN TRUE END AS raised_rdw,
    CASE WHEN mcv_high < limit_mcv_low_least * (1 - 1e-09) THEN TRUE
    WHEN mcv_low >= limit_mcv_low_most * (1 - 1e-09) THEN FALSE END AS small_cells,
    -- Ferritin, read with CRP and transferrin saturation, shows iron deficiency.
    CASE WHEN 0.0 >= limit_ferritin_low_most * (1 - 1e-09) THEN FALSE END OR CASE
    WHEN 0.0 >= limit_ferritin_low_inflamed_most * (1 - 1e-09) THEN FALSE END AND (CASE
    WHEN 0.0 >= limit_transferrin_saturation_low_most * (1 - 1e-09) THEN FALSE END
    OR CAST(NULL AS BOOLEAN)) AS iron_deficiency,
    -- LDH is raised.
    CASE WHEN 0.0 > limit_ldh_raised_most * (1 + 1e-09) THEN TRUE END AS raised_ldh,
    -- Indirect bilirubin is raised.
    CASE WHEN CAST(NULL AS DOUBLE) > limit_bilirubin_indirect_raised_most * (1 + 1e-09) THEN TRUE END AS raised_indirect_bilirubin,
    NOT many_reticulocytes AS destroyed_in_the_marrow_part,
    -- Reticulocytes are raised: the marrow is responding.
    COALESCE(many_reticulocytes, FALSE) AS raised_reticulocytes,
    -- Platelets are low.
    CASE WHEN platelets_stated < limit_platelets_low_least * (1 - 1e-09) THEN TRUE
    WHEN platelets_stated >= limit_platelets_low_most * (1 - 1e-09) THEN FALSE END AS thrombocytopenia,
    -- White cells are low.
    CASE WHEN 0.0 >= limit_wbc_low_most * (1 - 1e-09) THEN FALSE END AS leukopenia,
    -- Neutrophils are low.
    CASE WHEN 0.0 >= limit_neutrophils_low_most * (1 - 1e-09) THEN FALSE END AS neutropenia,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN limit_b12_adequate_most ELSE limit_b12_adequate_most_2 END AS limit_b12_adequate_most_3,
    -- HoloTC is above the level at which deficiency is likely.
    CASE WHEN holotc_stated > limit_holotc_adequate_most * (1 + 1e-09) THEN TRUE
    WHEN holotc_stated <= limit_holotc_adequate_least * (1 + 1e-09) THEN FALSE END AS adequate_holotc,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN limit_b12_deficient_least ELSE limit_b12_deficient_least_2 END AS limit_b12_deficient_least_3,
    -- HoloTC (active B12) is low.
    CASE WHEN holotc_stated < limit_holotc_deficient_least * (1 - 1e-09) THEN TRUE
    WHEN holotc_stated >= limit_holotc_deficient_most * (1 - 1e-09) THEN FALSE END AS low_holotc,
    NOT pregnant AS low_total_b12_counts_part,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN limit_b12_pregnancy_least ELSE limit_b12_pregnancy_least_2 END AS limit_b12_pregnancy_least_3,
    CASE WHEN CASE b12_factor WHEN 0.00135537 THEN TRUE WHEN 1.35537 THEN TRUE WHEN 1355.37 THEN TRUE
    WHEN 1355370.0 THEN TRUE WHEN 1355370000.0 THEN TRUE WHEN 13553.7 THEN TRUE ELSE FALSE END
    THEN limit_b12_pregnancy_most ELSE limit_b12_pregnancy_most_2 END AS limit_b12_pregnancy_most_3,
    NOT pregnant
    AND CASE
      WHEN b12_at_most < limit_b12_binding_protein_least * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN b12_least >= limit_b12_binding_protein_most * (
        1 - 1e-09
      )
      THEN FALSE
    END AS support_part_2,
    CASE WHEN age < 1.0 * (1 - 1e-09) THEN TRUE WHEN age_at_least >= 1.0 * (1 - 1e-09) THEN FALSE END AS infant,
    -- The blood count contradicts itself (hematocrit, MCV, red cells, hemoglobin, MCH, MCHC): check units and sample
    -- before using it.
    COALESCE(CASE WHEN hemoglobin_stated < 0.0 THEN TRUE END, FALSE)
    OR COALESCE(CASE WHEN hemoglobin_stated <= 0.0 THEN FALSE END, FALSE)
    OR COALESCE(
      CASE
        WHEN 0.0 >= (
          (
            (
              hemoglobin_high / 370.0
            ) * 100.0
          ) * 0.85
        ) * (
          1 - 1e-09
        )
        THEN FALSE
      END,
      FALSE
    )
    OR COALESCE(
      CASE
        WHEN 0.0 > (
          (
            (
              hemoglobin_high / 300.0
            ) * 100.0
          ) * 1.15
        ) * (
          1 + 1e-09
        )
        THEN TRUE
      END,
      FALSE
    ) AS inconsistent_blood_count,
    -- Macrocytosis is marked, as in B12 or folate deficiency and with some medicines.
    CASE WHEN mcv_low > limit_mcv_marked_most * (1 + 1e-09) THEN TRUE
    WHEN mcv_high <= limit_mcv_marked_least * (1 + 1e-09) THEN FALSE END AS marked_macrocytosis,
    COALESCE(severe_thrombocytopenia, FALSE) AS part_part_6,
    CASE WHEN age < 18.0 * (1 - 1e-09) THEN TRUE WHEN age_at_least >= 18.0 * (1 - 1e-09) THEN FALSE END AS young,
    COALESCE(moderate_thrombocytopenia, FALSE) AS isolated_thrombocytopenia_part,
    -- A result could not be used as given: verify it with the laboratory first.
    CASE
    WHEN COALESCE(CAST(unverified_result_part AS INT), 0) + COALESCE(CAST(unverified_result_part_2 AS INT), 0) + COALESCE(CAST(unverified_result_part_3 AS INT), 0) + COALESCE(CAST(unverified_result_part_4 AS INT), 0) + COALESCE(CAST(unverified_result_part_5 AS INT), 0) + COALESCE(CAST(unverified_result_part_6 AS INT), 0) + COALESCE(CAST(unverified_result_part_7 AS INT), 0) >= 1
    THEN TRUE
    WHEN COALESCE(CAST(unverified_result_part AS INT), 1) + COALESCE(CAST(unverified_result_part_2 AS INT), 1) + COALESCE(CAST(unverified_result_part_3 AS INT), 1) + COALESCE(CAST(unverified_result_part_4 AS INT), 1) + COALESCE(CAST(unverified_result_part_5 AS INT), 1) + COALESCE(CAST(unverified_result_part_6 AS INT), 1) + COALESCE(CAST(unverified_result_part_7 AS INT), 1) < 1
    THEN FALSE END AS unverified_result
  FROM rules_1
), rules_3 AS (
  SELECT
    *,
    (
      (
        (
          142.0 * POWER(
            NULLIF(
              CASE WHEN estimated_gfr_part <= 1.0 THEN estimated_gfr_part WHEN estimated_gfr_part > 1.0 THEN 1.0 END,
              0
            ),
            -0.241
          )
        ) * POWER(
          NULLIF(
            CASE WHEN estimated_gfr_part > 1.0 THEN estimated_gfr_part ELSE COALESCE(1.0, estimated_gfr_part) END,
            0
          ),
          -1.2
        )
      ) * estimated_gfr_part_high
    ) * 1.012 AS estimated_gfr_part_one_high,
    (
      (
        142.0 * POWER(
          NULLIF(
            CASE
              WHEN estimated_gfr_part_2 <= 1.0
              THEN estimated_gfr_part_2
              WHEN estimated_gfr_part_2 > 1.0
              THEN 1.0
            END,
            0
          ),
          -0.302
        )
      ) * POWER(
        NULLIF(
          CASE
            WHEN estimated_gfr_part_2 > 1.0
            THEN estimated_gfr_part_2
            ELSE COALESCE(1.0, estimated_gfr_part_2)
          END,
          0
        ),
        -1.2
      )
    ) * estimated_gfr_part_high AS estimated_gfr_part_other_high,
    CASE WHEN estimated_gfr_part_if THEN estimated_gfr_part_one_low WHEN NOT estimated_gfr_part_if
    THEN estimated_gfr_part_other_low ELSE CASE
    WHEN estimated_gfr_part_one_low <= estimated_gfr_part_other_low THEN estimated_gfr_part_one_low
    WHEN estimated_gfr_part_one_low > estimated_gfr_part_other_low THEN estimated_gfr_part_other_low END
    END AS estimated_gfr_one_low,
    -- Folate is low: folate deficiency causes the same anemia.
    COALESCE(low_red_cell_folate, FALSE)
    OR folate_stated < 7.0 * (
      1 - 1e-09
    )
    AND NOT COALESCE(NOT low_red_cell_folate, FALSE) AS folate_deficiency,
    NOT raised_mma AS normal_mma_stands_part,
    -- Hemoglobin is below the limit for age, sex and pregnancy: anemia.
    CASE WHEN adjusted_hemoglobin_high < limit_hemoglobin_low_least * (1 - 1e-09) THEN TRUE
    WHEN adjusted_hemoglobin_low >= limit_hemoglobin_low_most * (1 - 1e-09) THEN FALSE END AS anemia,
    NOT raised_reticulocytes AS destroyed_in_the_marrow_part_2,
    destroyed_in_the_marrow_part OR CAST(NULL AS BOOLEAN) AS destroyed_in_the_marrow_part_3,
    COALESCE(small_cells, FALSE) AS certainly_small_cells,
    -- Platelets are as low as is common in pregnancy (100 to 150): they are not taken as a sign of deficiency.
    pregnant AND thrombocytopenia AND NOT moderate_thrombocytopenia AS gestational_thrombocytopenia,
    COALESCE(neutropenia, FALSE) AS copper_deficiency_suspected_part,
    -- Total B12 is above the level at which deficiency is likely.
    CASE WHEN b12_least > limit_b12_adequate_most_3 * (1 + 1e-09) THEN TRUE
    WHEN b12_at_most <= limit_b12_adequate_least * (1 + 1e-09) THEN FALSE END AS adequate_total_b12,
    -- Total B12 is low.
    CASE WHEN b12_at_most < limit_b12_deficient_least_3 * (1 - 1e-09) THEN TRUE
    WHEN b12_least >= limit_b12_deficient_most * (1 - 1e-09) THEN FALSE END AS low_total_b12,
    COALESCE(low_holotc, FALSE) AS b12_certainly_low_part_2,
    COALESCE(raised_mma, FALSE) AS metabolites_unknown_part_2,
    COALESCE(raised_homocysteine, FALSE) AS mma_of_age_alone_part,
    NOT raised_homocysteine AS normal_homocysteine_part,
    NOT COALESCE(adequate_holotc, FALSE) AS low_b12_level_part_2,
    NOT low_holotc AS normal_mma_stands_part_2,
    pregnant
    AND CASE
      WHEN b12_at_most < limit_b12_pregnancy_least_3 * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN b12_least >= limit_b12_pregnancy_most_3 * (
        1 - 1e-09
      )
      THEN FALSE
    END AS support_part,
    COALESCE(iron_deficiency, FALSE) AS speaks_against_part,
    COALESCE(infant, FALSE) AS infant_not_cleared_part,
    -- Anemia is severe.
    CASE WHEN adjusted_hemoglobin_high < limit_hemoglobin_severe_least * (1 - 1e-09) THEN TRUE
    WHEN adjusted_hemoglobin_low >= limit_hemoglobin_severe_most * (1 - 1e-09) THEN FALSE END AS severe_anemia,
    -- Anemia is at least moderate.
    CASE WHEN adjusted_hemoglobin_high < limit_hemoglobin_moderate_least * (1 - 1e-09) THEN TRUE
    WHEN adjusted_hemoglobin_low >= limit_hemoglobin_moderate_most * (1 - 1e-09) THEN FALSE END AS moderate_anemia,
    -- Both metabolites are very high in a young person: an inborn error of cobalamin metabolism needs urgent metabolic
    -- referral.
    young AND remethylation_defect_suspected_part_2 AND above_mma_marked AND above_homocysteine_very_high AS inborn_error_suspected
  FROM rules_2
), rules_4 AS (
  SELECT
    *,
    CASE WHEN estimated_gfr_part_if THEN estimated_gfr_part_one_high WHEN NOT estimated_gfr_part_if
    THEN estimated_gfr_part_other_high ELSE CASE
    WHEN estimated_gfr_part_one_high >= estimated_gfr_part_other_high THEN estimated_gfr_part_one_high
    WHEN estimated_gfr_part_one_high < estimated_gfr_part_other_high THEN estimated_gfr_part_other_high
    END END AS estimated_gfr_one_high,
    CASE WHEN estimated_gfr_if THEN estimated_gfr_one_low WHEN NOT estimated_gfr_if THEN 0.0 ELSE CASE
    WHEN estimated_gfr_one_low <= 0.0 THEN estimated_gfr_one_low WHEN estimated_gfr_one_low > 0.0
    THEN 0.0 END END AS egfr_low,
    NOT COALESCE(folate_deficiency, FALSE) AS remethylation_defect_suspected_part,
    COALESCE(normal_mma_stands_part, FALSE) AS normal_mma,
    -- Red cells are destroyed without a reticulocyte response, as when they die in the marrow: ineffective
    -- erythropoiesis.
    raised_ldh
    AND (
      raised_indirect_bilirubin OR CAST(NULL AS BOOLEAN)
    )
    AND destroyed_in_the_marrow_part_2
    AND destroyed_in_the_marrow_part_3 AS ineffective_erythropoiesis,
    -- Many small red cells (MCV divided by red cell count is low), or a known diagnosis, suggest thalassemia.
    certainly_small_cells
    AND COALESCE(
      CASE
        WHEN mcv_high / NULLIF(0.0, 0) < 13.0 * (
          1 - 1e-09
        )
        THEN TRUE
        WHEN 0.0 >= 13.0 * (
          1 - 1e-09
        )
        THEN FALSE
      END,
      FALSE
    ) AS possible_thalassemia,
    NOT gestational_thrombocytopenia AS pancytopenia_part,
    leukopenia OR copper_deficiency_suspected_part AS low_white_cells,
    COALESCE(adequate_total_b12 OR adequate_holotc, FALSE) AS certainly_adequate_level,
    COALESCE(low_total_b12, FALSE) AS b12_certainly_low_part,
    NOT b12_certainly_low_part_2 AS level_unknown_part_2,
    -- HoloTC is low, but total B12 is adequate and MMA and homocysteine are normal: repeat holoTC before relying on
    -- it.
    low_holotc
    AND adequate_total_b12
    AND remethylation_defect_suspected_part_2
    AND normal_mma_stands_part
    AND normal_homocysteine_part AS discordant_low_holotc,
    -- Total B12 is low, but holoTC, MMA and homocysteine are normal: this is not deficiency. Haptocorrin deficiency,
    -- pregnancy and the pill can cause it.
    low_total_b12 AND normal_mma_stands_part_2 AND normal_mma_stands_part AND normal_homocysteine_part AS discordant_low_total_b12,
    NOT COALESCE(normal_mma_stands_part_2, FALSE) AS level_unknown_part_3,
    COALESCE(normal_homocysteine_part, FALSE) AS normal_homocysteine,
    COALESCE(anemia, FALSE) AS lasting_cause_with_signs_part,
    NOT low_total_b12 AS level_unknown_part_4,
    NOT metabolites_unknown_part_2 AS metabolites_unknown_part_3,
    NOT mma_of_age_alone_part AS mma_of_age_alone_part_3,
    -- Low platelets with hemolysis: the pattern of thrombotic microangiopathy (TTP), which B12 deficiency can imitate.
    NOT infant
    AND (
      platelets_stated < 100.0 * (
        1 - 1e-09
      )
      AND CASE
        WHEN COALESCE(CAST(raised_ldh AS INT), 0) + COALESCE(CAST(raised_reticulocytes AS INT), 0) + COALESCE(CAST(CAST(NULL AS BOOLEAN) AS INT), 0) + COALESCE(CAST(raised_indirect_bilirubin AS INT), 0) >= 2
        THEN TRUE
        WHEN COALESCE(CAST(raised_ldh AS INT), 1) + COALESCE(CAST(raised_reticulocytes AS INT), 1) + COALESCE(CAST(CAST(NULL AS BOOLEAN) AS INT), 1) + COALESCE(CAST(raised_indirect_bilirubin AS INT), 1) < 2
        THEN FALSE
      END
      OR severe_thrombocytopenia
      AND NOT COALESCE(NOT anemia, FALSE)
      AND (
        CASE WHEN 0.0 > (
          limit_ldh_raised_most * 2.0
        ) * (
          1 + 1e-09
        ) THEN TRUE END
        OR raised_reticulocytes
        OR raised_indirect_bilirubin
        OR COALESCE(CASE WHEN 0.0 > limit_bilirubin_indirect_raised_most * (
          1 + 1e-09
        ) THEN TRUE END, FALSE)
        OR CAST(NULL AS BOOLEAN)
      )
    ) AS thrombotic_microangiopathy_pattern,
    COALESCE(moderate_anemia, FALSE) AS hemolysis_with_anemia_part,
    -- Anemia is severe by WHO criteria, or hemoglobin is below 80 g/L in an adult.
    severe_anemia
    OR CASE
      WHEN adjusted_hemoglobin_high < limit_mcv_low_least * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN adjusted_hemoglobin_low >= limit_hemoglobin_very_low_most * (
        1 - 1e-09
      )
      THEN FALSE
    END AS very_low_hemoglobin,
    -- At least two signs of hemolysis are present (LDH, haptoglobin, indirect bilirubin, reticulocytes, schistocytes):
    -- red cells are being destroyed.
    CASE
    WHEN COALESCE(CAST(raised_ldh AS INT), 0) + COALESCE(CAST(CAST(NULL AS BOOLEAN) AS INT), 0) + COALESCE(CAST(raised_indirect_bilirubin AS INT), 0) + COALESCE(CAST(raised_reticulocytes AS INT), 0) >= 2
    THEN TRUE
    WHEN COALESCE(CAST(raised_ldh AS INT), 1) + COALESCE(CAST(CAST(NULL AS BOOLEAN) AS INT), 1) + COALESCE(CAST(raised_indirect_bilirubin AS INT), 1) + COALESCE(CAST(raised_reticulocytes AS INT), 1) < 2
    THEN FALSE END AND NOT COALESCE(destroyed_in_the_marrow_part_2
    AND destroyed_in_the_marrow_part_3, FALSE) AS hemolysis
  FROM rules_3
), rules_5 AS (
  SELECT
    *,
    CASE WHEN estimated_gfr_if THEN estimated_gfr_one_high WHEN NOT estimated_gfr_if
    THEN CAST(NULL AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END AS egfr_high,
    NOT normal_mma AS metabolites_unknown_part,
    COALESCE(ineffective_erythropoiesis, FALSE) AS telling_part,
    thrombocytopenia AND pancytopenia_part AS low_platelets,
    NOT b12_certainly_low_part AS level_unknown_part,
    COALESCE(discordant_low_holotc, FALSE) AS adequate_level_voided_part_2,
    NOT COALESCE(discordant_low_total_b12, FALSE) AS low_b12_level_part_3,
    NOT (normal_mma AND normal_homocysteine) AS adequate_level_voided_part_3,
    NOT COALESCE(level_unknown_part_4, FALSE) AS level_unknown_part_5,
    NOT normal_homocysteine AS metabolites_unknown_part_4,
    COALESCE(thrombotic_microangiopathy_pattern, FALSE) AS fragments_with_low_platelets_part,
    COALESCE(very_low_hemoglobin, FALSE) AS part_part_4,
    -- Red cells, white cells and platelets are all low: pancytopenia.
    anemia AND thrombocytopenia AND pancytopenia_part AND low_white_cells AS pancytopenia,
    -- Homocysteine is very high in a young person although MMA is normal: a defect of remethylation (cblE, cblG,
    -- MTHFR) or homocystinuria needs urgent metabolic referral.
    young
    AND remethylation_defect_suspected_part_2
    AND COALESCE(above_homocysteine_very_high, FALSE)
    AND normal_mma
    AND remethylation_defect_suspected_part AS remethylation_defect_suspected,
    -- Investigate hemolysis in its own right: blood film, direct antiglobulin test, and hematology.
    COALESCE(hemolysis, FALSE) AS hemolysis_to_explain
  FROM rules_4
), rules_6 AS (
  SELECT
    *,
    CASE WHEN egfr_high < 60.0 * (1 - 1e-09) THEN TRUE WHEN egfr_low >= 60.0 * (1 - 1e-09) THEN FALSE END AS reduced,
    CASE WHEN egfr_high < 30.0 * (1 - 1e-09) THEN TRUE WHEN egfr_low >= 30.0 * (1 - 1e-09) THEN FALSE END AS severely_reduced,
    -- MCV is not raised, but red cells vary in size and a reason for small cells is present: large cells may be
    -- hidden.
    raised_rdw
    AND NOT macrocytosis
    AND (
      NOT small_cells AND (
        iron_deficiency OR telling_part
      ) OR possible_thalassemia
    ) AS masked_macrocytosis,
    -- At least two of red cells, white cells and platelets are low.
    CASE
    WHEN COALESCE(CAST(anemia AS INT), 0) + COALESCE(CAST(low_platelets AS INT), 0) + COALESCE(CAST(low_white_cells AS INT), 0) >= 2
    THEN TRUE
    WHEN COALESCE(CAST(anemia AS INT), 1) + COALESCE(CAST(low_platelets AS INT), 1) + COALESCE(CAST(low_white_cells AS INT), 1) < 2
    THEN FALSE END AS two_low_lines,
    mma_of_age_alone_part AND metabolites_unknown_part AS adequate_level_voided_part,
    NOT adequate_level_voided_part_2 AS low_b12_level_part,
    adequate_total_b12 OR adequate_holotc AND (level_unknown_part OR normal_mma_stands_part) AS functional_part_2,
    COALESCE(pancytopenia, FALSE) AS part_part_5,
    -- Red cells are being destroyed, and anemia is moderate or severe.
    hemolysis_to_explain AND hemolysis_with_anemia_part AS hemolysis_with_anemia
  FROM rules_5
), rules_7 AS (
  SELECT
    *,
    NOT COALESCE(reduced, FALSE) AS homocysteine_counts_part,
    -- The B12 level is adequate, and nothing known makes it falsely normal.
    certainly_adequate_level
    AND level_unknown_part
    AND level_unknown_part_2
    AND remethylation_defect_suspected_part_2
    AND NOT (
      metabolites_unknown_part_2 OR adequate_level_voided_part
    ) AS b12_certainly_adequate,
    COALESCE(two_low_lines, FALSE) AS part_part,
    -- Anemia is severe, or moderate with breathlessness, chest pain, fainting or palpitations, or all cell lines are
    -- low.
    part_part_4 OR part_part_5 AS severe_blood_picture
  FROM rules_6
), rules_8 AS (
  SELECT
    *,
    -- MMA is higher than kidney function explains.
    raised_mma
    AND (
      CASE
        WHEN mma_least > limit_mma_raised_most * (
          1 + 1e-09
        )
        THEN TRUE
        WHEN mma_stated <= limit_mma_raised_least * (
          1 + 1e-09
        )
        THEN FALSE
      END
      OR paresthesia
    )
    AND (
      homocysteine_counts_part
      OR above_mma_marked
      AND NOT COALESCE(severely_reduced, FALSE)
      OR CASE
        WHEN mma_least > 2.0 * (
          1 + 1e-09
        )
        THEN TRUE
        WHEN mma_stated <= 2.0 * (
          1 + 1e-09
        )
        THEN FALSE
      END
      OR raised_urine_mma
    ) AS mma_counts,
    -- Homocysteine is raised, and neither folate nor the kidney is known to explain it.
    raised_homocysteine
    AND remethylation_defect_suspected_part
    AND homocysteine_counts_part
    AND (
      nitrous_oxide OR metabolites_unknown_part
    ) AS homocysteine_counts,
    -- In pregnancy anemia is at least moderate, or platelets are below 100, or two cell lines are low.
    pregnant AND (hemolysis_with_anemia_part OR isolated_thrombocytopenia_part OR part_part) AS low_blood_in_pregnancy,
    -- Platelets alone are below 100, without a known explanation: repeat the count with a blood film.
    isolated_thrombocytopenia_part AND NOT part_part AS isolated_thrombocytopenia
  FROM rules_7
), rules_9 AS (
  SELECT
    *,
    -- Raised metabolites show that tissue is short of B12.
    mma_counts OR homocysteine_counts AND nitrous_oxide AS functional_deficiency,
    -- MMA is above the limit, but within the range found at this age: repeat it, or measure holoTC, before relying on
    -- it.
    mma_counts
    AND NOT CASE
      WHEN age < 50.0 * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN age_at_least >= 50.0 * (
        1 - 1e-09
      )
      THEN FALSE
    END
    AND NOT CASE
      WHEN mma_least > limit_mma_at_age_most * (
        1 + 1e-09
      )
      THEN TRUE
      WHEN mma_stated <= limit_mma_at_age_least * (
        1 + 1e-09
      )
      THEN FALSE
    END AS mma_within_age
  FROM rules_8
), rules_10 AS (
  SELECT
    *,
    COALESCE(functional_deficiency, FALSE) AS functional_part
  FROM rules_9
), rules_11 AS (
  SELECT
    *,
    -- B12 is certainly low, by its level or by the metabolites.
    b12_certainly_low_part_2
    AND low_b12_level_part
    OR functional_part
    OR b12_certainly_low_part
    AND low_b12_level_part_2
    AND low_b12_level_part_3
    AND (
      low_total_b12_counts_part OR COALESCE(support_part OR support_part_2, FALSE) AND level_unknown_part_3
    ) AS b12_certainly_low
  FROM rules_10
), rules_12 AS (
  SELECT
    *,
    NOT b12_certainly_low AS anemia_of_its_own_part
  FROM rules_11
), rules_13 AS (
  SELECT
    *,
    two_low_lines
    AND NOT (
      certainly_small_cells
      OR raised_reticulocytes
      OR b12_certainly_adequate
      OR very_low_platelets
      AND anemia_of_its_own_part
    ) AS picture_of_low_cells
  FROM rules_12
), rules_14 AS (
  SELECT
    *,
    -- The blood count fits megaloblastic blood formation.
    macrocytosis OR masked_macrocytosis OR telling_part OR picture_of_low_cells AS megaloblastic_picture
  FROM rules_13
), rules_15 AS (
  SELECT
    *,
    COALESCE(megaloblastic_picture, FALSE) AS certain_picture
  FROM rules_14
), rules_16 AS (
  SELECT
    *,
    -- Total B12 is low, and is taken as a sign of deficiency.
    low_total_b12
    AND (
      low_total_b12_counts_part
      OR (
        low_holotc OR raised_mma OR raised_homocysteine OR certain_picture OR support_part OR support_part_2
      )
      AND level_unknown_part_3
    ) AS low_total_b12_counts,
    -- There is anemia with a megaloblastic blood picture, and nothing else is known to explain it.
    lasting_cause_with_signs_part
    AND certain_picture
    AND NOT COALESCE(
      folate_deficiency
      OR raised_reticulocytes
      OR very_low_platelets
      OR part_part
      AND b12_certainly_adequate
      AND COALESCE(NOT folate_deficiency, FALSE),
      FALSE
    ) AS unexplained_picture
  FROM rules_15
), rules_17 AS (
  SELECT
    *,
    -- The level of B12 in blood is low, and nothing measured contradicts it.
    (
      low_holotc AND low_b12_level_part OR low_total_b12_counts
    )
    AND low_b12_level_part_3
    AND (
      functional_deficiency OR low_b12_level_part_2
    ) AS low_b12_level,
    -- Deficiency with a normal level would explain another finding.
    adequate_level_voided_part_2
    OR COALESCE(raised_urine_mma, FALSE)
    OR metabolites_unknown_part_2
    OR adequate_level_voided_part
    OR nitrous_oxide
    AND adequate_level_voided_part_3
    OR unexplained_picture
    AND metabolites_unknown_part
    OR infant_not_cleared_part
    AND paresthesia
    AND metabolites_unknown_part AS adequate_level_voided
  FROM rules_16
), rules_18 AS (
  SELECT
    *,
    NOT adequate_level_voided AS functional_part_3,
    NOT COALESCE(low_b12_level, FALSE) AS mma_of_age_alone_part_2
  FROM rules_17
), rules_19 AS (
  SELECT
    *,
    functional_part_2 AND functional_part_3 AS adequate_stands,
    (level_unknown_part_4 OR normal_mma_stands_part_2) AND normal_mma_stands_part AND functional_part_3 AS normal_mma_stands,
    functional_deficiency AND NOT (functional_part_2 AND functional_part_3 AND NOT functional_part) AS functional,
    -- Only an MMA within the range found at this age suggests deficiency, and no symptom is reported.
    COALESCE(mma_within_age, FALSE)
    AND mma_of_age_alone_part_2
    AND mma_of_age_alone_part_3
    AND NOT paresthesia AS mma_of_age_alone
  FROM rules_18
), rules_20 AS (
  SELECT
    *,
    low_b12_level
    AND NOT (
      (
        functional_deficiency OR adequate_stands OR normal_mma_stands
      ) AND mma_of_age_alone_part_2
    ) AS deficient,
    adequate_stands OR normal_mma_stands AS unlikely
  FROM rules_19
), rules_21 AS (
  SELECT
    *,
    -- There is B12 deficiency, by level or by function.
    deficient OR functional OR NOT unlikely AND CAST(NULL AS BOOLEAN) AS b12_deficiency
  FROM rules_20
), rules_22 AS (
  SELECT
    *,
    -- Anemia, a megaloblastic blood picture and a deficiency that causes it: megaloblastic anemia.
    anemia AND megaloblastic_picture AND (b12_deficiency OR folate_deficiency) AS megaloblastic_anemia,
    COALESCE(b12_deficiency, FALSE) AS certain_deficiency,
    NOT COALESCE(NOT b12_deficiency, FALSE) AS deficiency_possible,
    -- No cause is known: look for one, because it decides how long treatment lasts.
    b12_deficiency AND NOT metformin AND remethylation_defect_suspected_part_2 AS cause_not_known,
    b12_deficiency AND metformin AS treatment_route_oral_or_intramuscular_2
  FROM rules_21
), rules_23 AS (
  SELECT
    *,
    -- This fits B12 deficiency: B12 is low, reticulocytes are not raised, and no fragmented red cells are reported.
    -- Blood film today, ADAMTS13 if there are fragments, and B12 now.
    fragments_with_low_platelets_part
    AND certain_deficiency
    AND COALESCE(destroyed_in_the_marrow_part_2 AND destroyed_in_the_marrow_part_3, FALSE)
    AND COALESCE(NOT severe_thrombocytopenia, FALSE) AS fits_b12_deficiency,
    NOT certain_deficiency AS speaks_against_part_2,
    -- Megaloblastic anemia is moderate, and its cause is unknown or malabsorption.
    COALESCE(megaloblastic_anemia, FALSE)
    AND hemolysis_with_anemia_part
    AND COALESCE(cause_not_known, FALSE) AS moderate_megaloblastic_anemia,
    -- Nerve signs that cannot wait are reported, and B12 or copper deficiency is possible.
    deficiency_possible AND nitrous_oxide AND paresthesia AS urgent_nerve_signs,
    -- The results do not make deficiency unlikely in an infant.
    infant_not_cleared_part
    AND deficiency_possible
    AND (
      NOT (
        level_unknown_part AND level_unknown_part_5 AND level_unknown_part_2 AND level_unknown_part_3
      )
      OR NOT (
        metabolites_unknown_part_3
        AND metabolites_unknown_part
        AND mma_of_age_alone_part_3
        AND metabolites_unknown_part_4
      )
      OR paresthesia
    ) AS infant_not_cleared,
    -- B12 deficiency should be treated soon.
    certain_deficiency AND NOT mma_of_age_alone AS deficiency_to_treat,
    -- Nerve symptoms or low mood are reported, and B12 or copper deficiency is possible.
    deficiency_possible AND paresthesia AS nerve_symptoms,
    CASE WHEN treatment_route_oral_or_intramuscular_2 THEN 'oral_or_intramuscular'
    WHEN treatment_route_oral_or_intramuscular_2 IS NULL THEN 'undetermined' WHEN b12_deficiency
    THEN 'oral' WHEN b12_deficiency IS NULL THEN 'undetermined' ELSE 'none' END AS treatment_route_after_oral_or_intramuscular
  FROM rules_22
), rules_24 AS (
  SELECT
    *,
    -- Possible TTP: ADAMTS13 and hematology now. If B12 is deficient, give it as well, but delay nothing for it.
    fragments_with_low_platelets_part AND NOT fits_b12_deficiency AS possible_ttp,
    urgent_nerve_signs
    OR part_part_4
    OR part_part_5
    OR part_part_6
    OR fits_b12_deficiency
    OR COALESCE(infant_not_cleared, FALSE)
    OR COALESCE(inborn_error_suspected, FALSE)
    OR COALESCE(remethylation_defect_suspected, FALSE)
    OR low_blood_in_pregnancy AS urgency_urgent
  FROM rules_23
), rules_25 AS (
  SELECT
    *,
    -- Megaloblastic anemia is suspected.
    lasting_cause_with_signs_part
    AND (
      COALESCE(marked_macrocytosis, FALSE)
      OR telling_part
      OR NOT (
        possible_ttp AND speaks_against_part_2
      )
      AND (
        COALESCE(macrocytosis, FALSE)
        AND (
          hemolysis_with_anemia_part OR COALESCE(low_platelets, FALSE) OR COALESCE(low_white_cells, FALSE)
        )
        OR COALESCE(picture_of_low_cells, FALSE)
        AND hemolysis_with_anemia_part
      )
    )
    AND NOT (
      certainly_adequate_level
      OR raised_reticulocytes
      OR COALESCE(very_low_platelets, FALSE)
      AND speaks_against_part_2
      OR speaks_against_part
      AND certainly_small_cells
    )
    AND deficiency_possible AS suspected_megaloblastic_anemia
  FROM rules_24
), rules_26 AS (
  SELECT
    *,
    -- Take the blood, then start treatment without waiting for results.
    suspected_megaloblastic_anemia OR cord_at_risk AS do_not_wait,
    b12_deficiency AND moderate_megaloblastic_anemia OR COALESCE(suspected_megaloblastic_anemia, FALSE) AS treatment_route_oral_or_intramuscular
  FROM rules_25
), rules_27 AS (
  SELECT
    *,
    COALESCE(do_not_wait, FALSE) AS part_part_2
  FROM rules_26
), rules_28 AS (
  SELECT
    *,
    b12_deficiency OR part_part_2 AS part_part_3,
    deficiency_to_treat
    OR part_part_2
    OR hemolysis_with_anemia
    OR nerve_symptoms
    OR part_part
    OR isolated_thrombocytopenia
    OR unverified_result AS urgency_prompt
  FROM rules_27
), rules_29 AS (
  SELECT
    *,
    part_part_3 AND pregnant AND severe_blood_picture AS treatment_route_specialist,
    part_part_3
    AND (
      paresthesia OR nitrous_oxide OR severe_blood_picture
    )
    OR COALESCE(cord_at_risk, FALSE) AS treatment_route_intramuscular,
    part_part_3
    AND CASE
      WHEN age < 16.0 * (
        1 - 1e-09
      )
      THEN TRUE
      WHEN age_at_least >= 16.0 * (
        1 - 1e-09
      )
      THEN FALSE
    END AS treatment_route_specialist_2
  FROM rules_28
), rules_30 AS (
  SELECT
    *,
    CASE WHEN treatment_route_intramuscular THEN 'intramuscular'
    WHEN treatment_route_intramuscular IS NULL THEN 'undetermined' WHEN treatment_route_specialist_2
    THEN 'specialist' WHEN treatment_route_specialist_2 IS NULL THEN 'undetermined'
    WHEN treatment_route_oral_or_intramuscular THEN 'oral_or_intramuscular'
    WHEN treatment_route_oral_or_intramuscular IS NULL
    AND treatment_route_after_oral_or_intramuscular IS DISTINCT FROM 'oral_or_intramuscular'
    THEN 'undetermined' ELSE treatment_route_after_oral_or_intramuscular END AS treatment_route_after_specialist
  FROM rules_29
)
SELECT
  own_1 AS person_id,
  own_2 AS drawn_at,
  CASE WHEN NOT (b12_least IS NOT NULL OR holotc_stated IS NOT NULL OR mma_least IS NOT NULL
  OR homocysteine_stated IS NOT NULL) THEN 'not_assessed' ELSE CASE WHEN deficient THEN 'deficient'
  WHEN deficient IS NULL THEN 'indeterminate' WHEN functional THEN 'functional_deficiency'
  WHEN functional IS NULL THEN 'indeterminate' WHEN unlikely THEN 'deficiency_unlikely'
  WHEN unlikely IS NULL THEN 'indeterminate' ELSE 'indeterminate' END END AS status,
  functional_deficiency,
  megaloblastic_anemia,
  anemia,
  CASE WHEN severe_anemia THEN 'severe' WHEN severe_anemia IS NULL THEN NULL WHEN moderate_anemia
  THEN 'moderate' WHEN moderate_anemia IS NULL THEN NULL WHEN anemia THEN 'mild' WHEN anemia IS NULL
  THEN NULL ELSE 'none' END AS anemia_grade,
  CASE WHEN treatment_route_specialist THEN 'specialist' WHEN treatment_route_specialist IS NULL
  AND treatment_route_after_specialist IS DISTINCT FROM 'specialist' THEN 'undetermined'
  ELSE treatment_route_after_specialist END AS treatment_route,
  CASE WHEN possible_ttp THEN 'emergency' WHEN urgency_urgent THEN 'urgent' WHEN urgency_prompt
  THEN 'prompt' ELSE 'routine' END AS urgency,
  SUBSTRING(
    CASE
      WHEN b12_given IS NOT NULL AND NOT COALESCE(b12_readable, FALSE)
      THEN '; b12: ' || CASE
        WHEN ABS(b12_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN b12_given < 0.0
        THEN 'negative_value'
        WHEN COALESCE(b12_unit, '') = ''
        THEN 'missing_unit'
        WHEN CASE b12_unit
          WHEN 'ｎg/dl'
          THEN TRUE
          WHEN 'nm'
          THEN TRUE
          WHEN 'um'
          THEN TRUE
          WHEN 'pm'
          THEN TRUE
          WHEN 'mm'
          THEN TRUE
          WHEN 'MM'
          THEN TRUE
          WHEN 'NM'
          THEN TRUE
          WHEN 'UM'
          THEN TRUE
          WHEN 'PM'
          THEN TRUE
          WHEN 'IU/L'
          THEN TRUE
          ELSE FALSE
        END
        THEN 'look_alike_unit'
        WHEN b12_value IS NULL
        THEN 'unknown_unit'
        WHEN b12_bound = '?'
        THEN 'unknown_operator'
        WHEN NOT b12_value BETWEEN 5.0 AND 300000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN holotc_given IS NOT NULL AND NOT COALESCE(holotc_readable, FALSE)
      THEN '; holotc: ' || CASE
        WHEN ABS(holotc_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN holotc_given < 0.0
        THEN 'negative_value'
        WHEN NOT holotc_given BETWEEN 1.0 AND 5000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN mma_given IS NOT NULL AND NOT COALESCE(mma_readable, FALSE)
      THEN '; mma: ' || CASE
        WHEN ABS(mma_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN mma_given < 0.0
        THEN 'negative_value'
        WHEN NOT mma_given BETWEEN 0.02 AND 1000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN homocysteine_given IS NOT NULL AND NOT COALESCE(homocysteine_readable, FALSE)
      THEN '; homocysteine: ' || CASE
        WHEN ABS(homocysteine_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN homocysteine_given < 0.0
        THEN 'negative_value'
        WHEN NOT homocysteine_given BETWEEN 1.0 AND 1000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN folate_given IS NOT NULL AND NOT COALESCE(folate_readable, FALSE)
      THEN '; folate: ' || CASE
        WHEN ABS(folate_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN folate_given < 0.0
        THEN 'negative_value'
        WHEN NOT folate_value BETWEEN 0.4 AND 2000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN hemoglobin_given IS NOT NULL AND NOT COALESCE(hemoglobin_readable, FALSE)
      THEN '; hemoglobin: ' || CASE
        WHEN ABS(hemoglobin_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN hemoglobin_given < 0.0
        THEN 'negative_value'
        WHEN NOT hemoglobin_value BETWEEN 5.0 AND 300.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN mcv_given IS NOT NULL AND NOT COALESCE(mcv_readable, FALSE)
      THEN '; mcv: ' || CASE
        WHEN ABS(mcv_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN mcv_given < 0.0
        THEN 'negative_value'
        WHEN NOT mcv_given BETWEEN 45.0 AND 200.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN platelets_given IS NOT NULL AND NOT COALESCE(platelets_readable, FALSE)
      THEN '; platelets: ' || CASE
        WHEN ABS(platelets_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN platelets_given < 0.0
        THEN 'negative_value'
        WHEN NOT platelets_given BETWEEN 0.0 AND 5000.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE
      WHEN creatinine_given IS NOT NULL AND NOT COALESCE(creatinine_readable, FALSE)
      THEN '; creatinine: ' || CASE
        WHEN ABS(creatinine_given) = CAST('Infinity' AS DOUBLE)
        THEN 'not_finite'
        WHEN creatinine_given < 0.0
        THEN 'negative_value'
        WHEN NOT creatinine_given BETWEEN 0.05 AND 40.0
        THEN 'implausible_value'
        ELSE 'unreadable_value'
      END
      ELSE ''
    END || CASE WHEN b12_doubtful THEN '; b12: doubtful_unit' ELSE '' END || CASE WHEN mma_doubtful THEN '; mma: doubtful_unit' ELSE '' END || CASE WHEN age_unreadable THEN '; age: unreadable_age' ELSE '' END || CASE
      WHEN CASE sex_given
        WHEN 'female'
        THEN FALSE
        WHEN 'f'
        THEN FALSE
        WHEN 'woman'
        THEN FALSE
        WHEN 'w'
        THEN FALSE
        WHEN 'girl'
        THEN FALSE
        WHEN 'weiblich'
        THEN FALSE
        WHEN 'frau'
        THEN FALSE
        WHEN 'femme'
        THEN FALSE
        WHEN 'féminin'
        THEN FALSE
        WHEN 'femmina'
        THEN FALSE
        WHEN 'donna'
        THEN FALSE
        WHEN 'vrouw'
        THEN FALSE
        WHEN 'kvinde'
        THEN FALSE
        WHEN 'kvinne'
        THEN FALSE
        WHEN 'kvinna'
        THEN FALSE
        WHEN 'nainen'
        THEN FALSE
        WHEN 'mujer'
        THEN FALSE
        WHEN 'femenino'
        THEN FALSE
        WHEN 'mulher'
        THEN FALSE
        WHEN 'feminino'
        THEN FALSE
        WHEN 'male'
        THEN FALSE
        WHEN 'm'
        THEN FALSE
        WHEN 'man'
        THEN FALSE
        WHEN 'boy'
        THEN FALSE
        WHEN 'männlich'
        THEN FALSE
        WHEN 'mann'
        THEN FALSE
        WHEN 'homme'
        THEN FALSE
        WHEN 'masculin'
        THEN FALSE
        WHEN 'maschio'
        THEN FALSE
        WHEN 'uomo'
        THEN FALSE
        WHEN 'mand'
        THEN FALSE
        WHEN 'mies'
        THEN FALSE
        WHEN 'hombre'
        THEN FALSE
        WHEN 'masculino'
        THEN FALSE
        WHEN 'homem'
        THEN FALSE
        WHEN ''
        THEN FALSE
        WHEN 'unknown'
        THEN FALSE
        WHEN 'u'
        THEN FALSE
        WHEN 'na'
        THEN FALSE
        WHEN 'n/a'
        THEN FALSE
        WHEN 'nan'
        THEN FALSE
        WHEN 'none'
        THEN FALSE
        WHEN 'other'
        THEN FALSE
        WHEN 'o'
        THEN FALSE
        WHEN 'not specified'
        THEN FALSE
        ELSE TRUE
      END
      THEN '; sex: unreadable_sex'
      ELSE ''
    END || CASE
      WHEN CASE pregnant_given
        WHEN '1'
        THEN FALSE
        WHEN 'true'
        THEN FALSE
        WHEN 'yes'
        THEN FALSE
        WHEN '1.0'
        THEN FALSE
        WHEN 'pregnant'
        THEN FALSE
        WHEN 't'
        THEN FALSE
        WHEN 'y'
        THEN FALSE
        WHEN '0'
        THEN FALSE
        WHEN 'false'
        THEN FALSE
        WHEN 'no'
        THEN FALSE
        WHEN '0.0'
        THEN FALSE
        WHEN 'f'
        THEN FALSE
        WHEN 'n'
        THEN FALSE
        WHEN 'not pregnant'
        THEN FALSE
        WHEN ''
        THEN FALSE
        WHEN '<na>'
        THEN FALSE
        WHEN 'n/a'
        THEN FALSE
        WHEN 'na'
        THEN FALSE
        WHEN 'nan'
        THEN FALSE
        WHEN 'none'
        THEN FALSE
        WHEN 'unknown'
        THEN FALSE
        ELSE TRUE
      END
      THEN '; pregnant: unreadable_yes_no'
      ELSE ''
    END || CASE WHEN pregnant_man THEN '; sex: conflict' ELSE '' END || CASE WHEN smoking IS NULL THEN '; smoking: unreadable_yes_no' ELSE '' END || CASE WHEN metformin IS NULL THEN '; metformin: unreadable_yes_no' ELSE '' END || CASE WHEN nitrous_oxide IS NULL THEN '; nitrous_oxide: unreadable_yes_no' ELSE '' END || CASE WHEN paresthesia IS NULL THEN '; paresthesia: unreadable_yes_no' ELSE '' END || CASE WHEN inconsistent_blood_count THEN '; blood_count: inconsistent_blood_count' ELSE '' END,
    3
  ) AS problems,
  macrocytosis,
  'nice-ng239' AS guideline,
  '606616bcb4453c27baf248dcdb30260c59bc8384344d578ea4c44a7d4e338307' AS guideline_hash,
  '0.2.0' AS b12labs_version,
  '2026.11.21' AS rules_version,
  '386721cc08f4059d13a718e50464c3ecfe733ceeb3f7aaa3581e78d71b387574' AS rules_hash
FROM rules_30
