use super::super::profile::testing::profile;
use super::*;

fn proposed(name: &str, cells: &[String]) -> Proposal {
    let profile = profile(cells);
    let kind = Kind::of(&profile);
    Proposal::new(named(name), kind, &profile, name.is_empty())
}

/// So many cells, made from their number.
fn cells(count: usize, cell: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(cell).collect()
}

const DROP: Rule = Rule::Drop(None);

#[test]
fn columns_leave_only_where_name_and_content_allow_it() {
    let two = |n: usize| ["F", "H"][n % 2].to_owned();
    let colours = |n: usize| ["rouge", "vert", "bleu"][n % 3].to_owned();
    let amounts = |n: usize| format!("{},5", 900 * n);
    let cases = cases![
        "sex", "sexe", cells(60, two), Rule::Keep;
        "sex of few", "sexe", cells(9, two), DROP;
        "unknown of few values", "teinte", cells(90, colours), Rule::Keep;
        "unknown, less shared", "teinte", cells(57, colours), DROP;
        "known, less shared", "Catégorie", cells(57, colours), Rule::Keep;
        "a rare value", "Catégorie", { let mut cells = cells(60, colours); cells.push("mauve".into()); cells }, DROP;
        "a mail among them",
        "Catégorie",
        {
            let mut cells = cells(60, colours);
            cells.extend(vec!["a@example.fr".to_owned(); 30]);
            cells
        },
        DROP;
        "a line break",
        "Catégorie",
        {
            let mut cells = cells(60, colours);
            cells.extend(vec!["or\nnoir".to_owned(); 9]);
            cells
        },
        DROP;
        "first names, shared", "Catégorie", cells(60, |n| ["Luc", "Marie"][n % 2].into()), DROP;
        "surnames, shared", "teinte", cells(200, |n| ["Durand", "Petit", "Roux", "Morel"][n % 4].into()), DROP;
        "a name, shared", "Nom", cells(60, colours), DROP;
        "owners", "Contact owner", cells(60, colours), DROP;
        "no name", "", cells(90, colours), DROP;
        "nothing", "sexe", cells(90, |_| String::new()), DROP;
        "birth", "Date de naissance", cells(9, |n| format!("198{n}-01-02")), Rule::Year { month_first: false };
        "American birth", "Birthdate", cells(9, |n| format!("01/2{n}/1980")), Rule::Year { month_first: true };
        "birth with a word",
        "Birthdate",
        cells(9, |n| {
            if n == 3 {
                "hier".into()
            } else {
                "1980-01-02".into()
            }
        }),
        DROP;
        "another date", "Créé le", cells(60, |_| "2024-01-02".into()), DROP;
        "dates, unknown", "teinte", cells(60, |_| "2024-01-02".into()), DROP;
        "money", "Revenus", cells(60, amounts), Rule::Bucket { width: 20_000, decimal: None, wide: false, };
        "thousands",
        "Revenus",
        cells(60, |n| format!("{}.000,00", n + 1)),
        Rule::Bucket {
            width: 20_000,
            decimal: Some(','),
            wide: false,
        };
        "one or the other", "Revenus", cells(60, |n| format!("{}.000", n + 1)), DROP;
        "money in words", "Revenus", cells(60, colours), DROP;
        "amounts, unknown", "teinte", cells(60, amounts), DROP;
        "children", "Nombre d'enfants", cells(9, |n| n.to_string()), Rule::YesNo;
        "ages, shared", "Âge", cells(60, |n| (20 + n % 10).to_string()), Rule::Keep;
        "ages, rare",
        "Âge",
        cells(60, |n| (20 + n).to_string()),
        Rule::Bucket {
            width: 20,
            decimal: None,
            wide: false,
        };
        "addresses", "Adresse", cells(9, |n| format!("{n} rue du Lac, 75002 Paris")), Rule::PostalCode { pad: false };
        "streets", "Adresse", cells(9, |n| format!("{n} rue du Lac")), DROP;
        "codes", "Code postal", cells(9, |_| "75002".into()), Rule::PostalCode { pad: false };
        "ids", "teinte", cells(60, |n| format!("x{n}")), DROP;
    ];
    for (case, name, cells, rule) in cases {
        let proposal = proposed(name, &cells);
        assert_eq!(proposal.rule, rule, "{case}: {proposal:?}");
    }
}

#[test]
fn where_a_name_tells_all_no_content_tells_otherwise() {
    let contents = [
        Vec::new(),
        cells(60, |n| ["oui", "non", "1", "0"][n % 4].to_owned()),
        cells(60, |n| n.to_string()),
        cells(60, |n| format!("jean.martin{n}@example.fr")),
        cells(60, |n| format!("{:02}/03/{}", n % 28 + 1, 1940 + n)),
        cells(60, |n| format!("{n} rue du Lac, 75002 Paris")),
        cells(60, |n| format!("75{:03}", n % 16 + 1)),
        cells(60, |n| format!("Marie Leroy {}", ["A", "B"][n % 2])),
        cells(60, |n| format!("06 12 34 56 {n:02}")),
        cells(40, |n| {
            format!("vu le client, tout va bien pour la suite {}", n % 3)
        }),
    ];
    let (mut told, mut open) = (0, 0);
    for name in [
        "nom", "email", "telephone", "num_ss", "iban", "id_client", "site_web", "conseiller",
        "employeur", "note", "commentaire", "lat", "ville_naissance", "date_naissance",
        "annee_naissance", "date_demande", "code_postal", "adresse", "ville", "nombre_enfants",
        "revenus", "tarif_devis", "age", "sexe", "metier", "religion", "casier_judiciaire",
        "formule", "etat", "xyz", "",
    ] {
        let Some(attribute) = attribute_by_name(name) else {
            open += 1;
            continue;
        };
        told += 1;
        for cells in &contents {
            assert_eq!(
                proposed(name, cells).attribute,
                attribute,
                "{name}: {:?}",
                cells.first()
            );
        }
    }
    assert!(told > 12 && open > 8, "{told} {open}");
}

#[test]
fn special_categories_say_which_they_are() {
    for category in SpecialCategory::ALL {
        let name = match category {
            SpecialCategory::RacialOrEthnicOrigin => "Origine ethnique",
            SpecialCategory::PoliticalOpinions => "Opinions politiques",
            SpecialCategory::ReligiousOrPhilosophicalBeliefs => "Religion",
            SpecialCategory::TradeUnionMembership => "Syndicat",
            SpecialCategory::GeneticData => "ADN",
            SpecialCategory::BiometricData => "Empreinte digitale",
            SpecialCategory::Health => "Handicap (oui/non)",
            SpecialCategory::SexLifeOrSexualOrientation => "Orientation sexuelle",
        };
        let proposal = proposed(name, &cells(60, |n| ["oui", "non"][n % 2].into()));
        assert_eq!(proposal.rule, Rule::Drop(Some(category)), "{name}");
        assert_eq!(proposal.attribute, Attribute::Sensitive, "{name}");
    }
    let criminal = proposed("Casier judiciaire", &cells(60, |_| "non".into()));
    assert_eq!(
        (criminal.rule, criminal.reason),
        (DROP, Reason::Name(Meaning::Criminal))
    );
}

#[test]
fn what_content_tells_makes_a_column_identifying() {
    for (case, name, content) in [
        (
            "phones",
            "teinte",
            cells(30, |n| format!("06 12 34 56 {n:02}")),
        ),
        ("own values", "teinte", cells(30, |n| format!("x{n}"))),
        (
            "people",
            "teinte",
            cells(30, |n| ["Luc", "Marie"][n % 2].into()),
        ),
    ] {
        let proposal = proposed(name, &content);
        assert_eq!(
            proposal.attribute,
            Attribute::Identifying,
            "{case}: {proposal:?}"
        );
    }
}

#[test]
fn useful_columns_are_generalised_rather_than_dropped() {
    let decade = Rule::Bucket {
        width: 10,
        decimal: None,
        wide: false,
    };
    let numbers = |n: usize| (1 + n % 5).to_string();
    for (case, name, content, rule) in cases![
        "years, rare", "Année de naissance", cells(60, |n| (1940 + n).to_string()), decade;
        "years, shared", "Birth year", cells(60, |n| (1980 + n % 4).to_string()), Rule::Keep;
        "months", "Mois de naissance", cells(120, |n| (1 + n % 12).to_string()), Rule::Keep;
        "marks", "Note satisfaction", cells(60, numbers), Rule::Keep;
        "marks under Note", "Note", cells(60, numbers), Rule::Keep;
        "notes under Note", "Note", cells(60, |_| "à rappeler".into()), DROP;
        "sentences", "Catégorie", cells(600, |n| format!("a dit le {} puis rien", n % 60)), DROP;
        "dot behind commas",
        "Account Balance",
        cells(60, |n| format!("{},000.00", n + 1)),
        Rule::Bucket {
            width: 20_000,
            decimal: Some('.'),
            wide: false,
        };
        "currency in front",
        "Credit Limit",
        cells(60, |n| format!("€{},000.00", n + 1)),
        Rule::Bucket {
            width: 20_000,
            decimal: None,
            wide: true,
        };
        "as accountants write",
        "Solde",
        cells(60, |n| format!("({} 000,00)", n + 1)),
        Rule::Bucket {
            width: 20_000,
            decimal: None,
            wide: true,
        };
    ] {
        let proposal = proposed(name, &content);
        assert_eq!(proposal.rule, rule, "{case}: {proposal:?}");
    }
}

#[test]
fn a_few_cells_that_are_no_dates_do_not_cost_the_column() {
    let dates = |bad: usize, all: usize| {
        cells(all, move |n| match n < bad {
            true => "inconnue".into(),
            false => format!("{:02}/02/1980", 1 + n % 28),
        })
    };
    let year = Rule::Year { month_first: false };
    for (bad, all, rule, reason) in [
        (0, 100, year, Reason::BirthDate { invalid: 0 }),
        (6, 4787, year, Reason::BirthDate { invalid: 6 }),
        (4, 100, year, Reason::BirthDate { invalid: 4 }),
        (5, 100, DROP, Reason::NotDates(5)),
        (100, 100, DROP, Reason::NotDates(100)),
    ] {
        let proposal = proposed("Date naiss.", &dates(bad, all));
        assert_eq!(
            (proposal.rule, proposal.reason),
            (rule, reason),
            "{bad} of {all}"
        );
    }
}

mod names;
