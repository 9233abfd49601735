//! The table against what is known of the country, and the labels against each other.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// Every number of five digits, as a postal code.
fn numbers() -> impl Iterator<Item = String> {
    (0..NUMBERS).map(|number| format!("{number:05}"))
}

/// The codes of the table.
fn known() -> impl Iterator<Item = (String, &'static PostalCode)> {
    numbers().filter_map(|code| Some((code.clone(), lookup(&code)?)))
}

#[test]
fn knows_where_codes_lie_and_how_many_live_there() {
    for (code, departement, other, region, population) in cases![
        "01000", "01", None, "Auvergne-Rhône-Alpes", 48_532;
        "75001", "75", None, "Île-de-France", 15_114;
        "69001", "69", None, "Auvergne-Rhône-Alpes", 28_717;
        "13001", "13", None, "Provence-Alpes-Côte d'Azur", 37_599;
        // The 16th arrondissement of Paris has two codes.
        "75016", "75", None, "Île-de-France", 79_693;
        "75116", "75", None, "Île-de-France", 79_693;
        // Its first digits are those of another département.
        "94390", "91", None, "Île-de-France", 4_101;
        // Two départements: the one of the first digits, and the other one.
        "01200", "01", Some("74"), "Auvergne-Rhône-Alpes", 21_086 + 931;
        "42620", "42", Some("03"), "Auvergne-Rhône-Alpes", 845 + 373;
        "48250", "48", Some("07"), "Occitanie", 741 + 111;
        "05110", "05", Some("04"), "Provence-Alpes-Côte d'Azur", 2_484 + 873;
        "33220", "33", Some("24"), "Nouvelle-Aquitaine", 12_418 + 2_982;
        "20000", "2A", None, "Corse", 25_440;
        "20200", "2B", None, "Corse", 31_677;
        "20620", "2B", None, "Corse", 7_642;
        "97110", "971", None, "Guadeloupe", 15_040;
        "97133", "977", None, "Saint-Barthélemy", 10_660;
        "97150", "978", None, "Saint-Martin", 31_160;
        "97200", "972", None, "Martinique", 37_753;
        "97300", "973", None, "Guyane", 62_675;
        "97400", "974", None, "La Réunion", 51_878;
        "97500", "975", None, "Saint-Pierre-et-Miquelon", 5_790;
        "97600", "976", None, "Mayotte", 67_874;
        "98600", "986", None, "Wallis et Futuna", 8_088;
        "98714", "987", None, "Polynésie française", 26_654;
        "98800", "988", None, "Nouvelle-Calédonie", 85_976;
    ] {
        let found = lookup(code).expect(code);
        assert_eq!(found.departement.code, departement, "{code}");
        let found_other = found.other_departement.map(|other| other.code);
        assert_eq!(found_other, other, "{code}");
        assert_eq!(found.departement.region.name, region, "{code}");
        assert_eq!(found.population, population, "{code}");
    }
}

#[test]
fn labels_every_code_with_its_departement_and_region() {
    for (code, departement, region) in [
        ("07000", "07 Ardèche", "Auvergne-Rhône-Alpes"),
        ("48250", "48 Lozère", "Occitanie"),
        ("94390", "91 Essonne", "Île-de-France"),
        ("75002", "75 Paris", "Île-de-France"),
        ("20090", "2A Corse-du-Sud", "Corse"),
        ("20600", "2B Haute-Corse", "Corse"),
        ("22000", "22 Côtes-d'Armor", "Bretagne"),
        ("97133", "977 Saint-Barthélemy", "Saint-Barthélemy"),
        // Not in the table: CEDEX, Monaco, Clipperton, and what may be a code one day.
        ("35708", "35 Ille-et-Vilaine", "Bretagne"),
        ("01999", "01 Ain", "Auvergne-Rhône-Alpes"),
        ("20181", "2A Corse-du-Sud", "Corse"),
        ("20700", "2A Corse-du-Sud", "Corse"),
        ("20401", "2B Haute-Corse", "Corse"),
        ("20299", "2B Haute-Corse", "Corse"),
        ("97199", "971 Guadeloupe", "Guadeloupe"),
        ("97799", "977 Saint-Barthélemy", "Saint-Barthélemy"),
        ("98000", "980 Monaco", "Monaco"),
        ("98799", "987 Polynésie française", "Polynésie française"),
    ] {
        assert_eq!(departement_label(code), Some(departement), "{code}");
        assert_eq!(region_label(code), Some(region), "{code}");
    }
    for code in ["35708", "20401", "98000", "98799"] {
        assert_eq!(lookup(code), None, "{code}");
    }
}

#[test]
fn what_is_no_code_has_no_place() {
    for text in [
        "", "7500", "750011", "75 01", " 7501", "7500a", "2A000", "00000", "00999", "96000",
        "97000", "97999", "98100", "98400", "98500", "98900", "99000", "７5001", "75001 ",
    ] {
        assert_eq!(lookup(text), None, "{text}");
        assert_eq!(departement_label(text), None, "{text}");
        assert_eq!(region_label(text), None, "{text}");
    }
}

#[test]
fn the_table_is_whole() {
    let codes: Vec<_> = known().collect();
    assert_eq!(codes.len(), 6_309);
    assert_eq!(TABLE.codes.len(), 6_309);
    let small = codes.iter().filter(|(_, code)| code.population < 5_000);
    assert_eq!(small.count(), 2_651);
    let straddling = codes
        .iter()
        .filter(|(_, code)| code.other_departement.is_some());
    assert_eq!(straddling.count(), 16);
    let smallest = codes.iter().map(|(_, code)| code.population).min();
    assert_eq!(smallest, Some(47));
    // Everybody lives somewhere, but for what was rounded down.
    let people: u64 = codes
        .iter()
        .map(|(_, code)| u64::from(code.population))
        .sum();
    let everybody = 68_952_941;
    assert!(
        (everybody - 6_325..=everybody).contains(&people),
        "{people}"
    );
    let paris = (1..=20).map(|number| lookup(format!("750{number:02}")).unwrap().population);
    assert_eq!(
        paris.sum::<u32>() + lookup("75116").unwrap().population,
        2_103_778
    );
}

#[test]
fn the_labels_tile_the_country() {
    assert_eq!(departements().len(), 96 + 5 + 6 + 1);
    assert!(departements().is_sorted_by(|one, next| one.code < next.code));
    let mut regions = BTreeMap::new();
    let mut labels = BTreeSet::new();
    for departement in departements() {
        let Departement {
            code, name, label, ..
        } = *departement;
        assert_eq!(label, format!("{code} {name}"));
        assert!(matches!(code.len(), 2 | 3), "{label}");
        labels.extend([label, departement.region.name]);
        for text in [label, departement.region.name] {
            assert!(text.trim() == text && lookup(text).is_none(), "{text}");
            assert!(
                !text.contains([',', ';', '|', '\t', '"', '\n', '\r', '*']),
                "{text}"
            );
        }
        let Region { code, name } = departement.region;
        assert_eq!(*regions.entry(code).or_insert(name), name);
    }
    assert_eq!(regions.len(), 13 + 5 + 6 + 1);
    assert_eq!(labels.len(), departements().len() + regions.len());

    let used: BTreeSet<_> = known().map(|(_, code)| code.departement.code).collect();
    let all: BTreeSet<_> = departements()
        .iter()
        .map(|departement| departement.code)
        .collect();
    assert_eq!(&all - &used, BTreeSet::from(["980"]));
}

#[test]
fn every_possible_code_has_a_departement_and_no_other_has() {
    for code in numbers() {
        let start = code.parse::<u32>().unwrap() / 100;
        let possible = matches!(start, 10..=959 | 971..=978 | 980 | 986..=988);
        assert_eq!(departement_of(&code).is_some(), possible, "{code}");
        assert_eq!(region_label(&code).is_some(), possible, "{code}");
        if let Some(known) = lookup(&code) {
            assert_eq!(departement_of(&code), Some(known.departement));
            assert_ne!(Some(known.departement), known.other_departement);
            assert!(known.population > 0, "{code}");
        }
    }
}

#[test]
fn a_damaged_table_makes_codes_unknown_and_does_not_panic() {
    let whole = include_bytes!("postal_codes.bin");
    for length in [0, 1, 2, 3, 1_000, whole.len() - 1] {
        let table = Table::unpack(&whole[..length], departements());
        assert!(table.codes.len() < 6_309, "{length}");
    }
    assert_eq!(varint(&mut [0xFF_u8; 9].into_iter()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_text_that_has_a_label_is_five_digits(text in "\\PC{0,6}|[0-9]{4,6}") {
        if departement_label(&text).is_some() {
            prop_assert!(text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
