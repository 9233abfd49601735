//! One invented person, as the 28 cells of a row.
//!
//! Nothing here may draw a number for one dialect only: the people would part from there on.

use std::fmt::Write as _;

use super::ids::{client_id, days, fold, social_security, website_id};
use super::line::Line;
use super::places::{Places, person_of};
use super::rng::Rng;
use super::words::*;

pub(crate) const HEADER: &str = "metier employeur num_ss groupe_sanguin id_site_web nom sexe email \
    date_naissance id_client enfant_conduite_accompagne nombre_enfants revenus \
    valeur_residence_prin formation usage_vehicule type_vehicule est_rouge points_perdus \
    age_vehicule type_conduite date_demande etat_dossier formule tarif_devis adresse lat lon";

/// What rows are made of, split once.
pub(crate) struct Lists {
    women: Vec<&'static str>,
    men: Vec<&'static str>,
    surnames: Vec<&'static str>,
    occupations: Vec<&'static str>,
    employers: Vec<&'static str>,
    /// The kept columns that are drawn from a list, each list under its place in the row.
    kept: [Vec<&'static str>; 6],
    domains: Vec<&'static str>,
    missing: Vec<&'static str>,
    streets: Vec<&'static str>,
    hamlets: Vec<&'static str>,
    towns: Vec<&'static str>,
    cedex: Vec<&'static str>,
    incomes: Vec<u64>,
    homes: Vec<u64>,
    /// Where people live, if they are to be as unevenly spread as people are.
    places: Option<Places>,
}

fn split(list: &'static str) -> Vec<&'static str> {
    list.split('|').collect()
}

fn numbers(list: &'static str) -> Vec<u64> {
    list.split('|')
        .filter_map(|number| number.parse().ok())
        .collect()
}

impl Lists {
    pub(crate) fn new(skewed: bool) -> Self {
        Self {
            places: skewed.then(Places::new),
            women: split(WOMEN),
            men: split(MEN),
            surnames: split(SURNAMES),
            occupations: split(OCCUPATIONS),
            employers: split(EMPLOYERS),
            kept: [SCHOOLING, USES, VEHICLES, DRIVERS, STATES, PLANS].map(split),
            domains: split(DOMAINS),
            missing: split(MISSING),
            streets: split(STREETS),
            hamlets: split(HAMLETS),
            towns: split(TOWNS),
            cedex: split(CEDEX),
            incomes: numbers(INCOMES),
            homes: numbers(HOMES),
        }
    }

    /// Whose row it is, by number.
    pub(crate) fn person(&self, row: u64) -> u64 {
        match self.places {
            Some(_) => person_of(row),
            None => row,
        }
    }

    /// Writes the row of a person into `line`; `scratch` is only there to be used again. `own` draws
    /// what differs between rows of one person.
    pub(crate) fn row(
        &self,
        number: u64,
        rng: &mut Rng,
        own: Option<&mut Rng>,
        line: &mut Line,
        scratch: &mut String,
    ) {
        let [schooling, ..] = &self.kept;
        let woman = rng.permille(510);
        let born = (
            1935 + (rng.below(71) + rng.below(71)) / 2,
            1 + rng.below(12),
        );
        let birthday = (born.0, born.1, 1 + rng.below(days(born.0, born.1)));
        let first_name = rng.skewed(if woman { &self.women } else { &self.men });
        let surname = rng.skewed(&self.surnames);

        let occupation = match birthday.0 {
            ..1961 if rng.permille(700) => "retraité/retraitée",
            2002.. if rng.permille(600) => "étudiant/étudiante",
            _ if self.places.is_some() => rng.zipf(&self.occupations),
            _ => rng.skewed(&self.occupations),
        };
        let (man, wife) = occupation
            .split_once('/')
            .unwrap_or((occupation, occupation));
        line.cell(self.or_missing(rng, 8, if woman { wife } else { man }));
        line.cell(rng.skewed(&self.employers));
        social_security(rng, woman, birthday, scratch);
        line.cell(scratch);
        line.cell(rng.skewed(&["O+", "A+", "A+", "O+", "B+", "O-", "A-", "AB+", "B-", "AB-"]));
        website_id(rng, scratch);
        line.cell(scratch);
        scratch.clear();
        let _ = write!(scratch, "{first_name} {surname}");
        line.cell(scratch);
        line.cell(if woman { "F" } else { "H" });
        self.email(rng, first_name, surname, scratch);
        line.cell(scratch);
        match self.missing(rng, 12) {
            Some(missing) => line.cell(missing),
            None => line.date(scratch, birthday),
        }
        client_id(rng, number, scratch);
        line.cell(scratch);
        line.cell(if rng.permille(300) { "oui" } else { "non" });
        let children = children(rng.below(100));
        line.cell(self.or_missing(rng, 40, children));
        for (quantiles, missing, none) in [(&self.incomes, 50, 30), (&self.homes, 70, 200)] {
            match self.missing(rng, missing) {
                Some(missing) => line.cell(missing),
                None if rng.permille(none) => line.amount(scratch, 0),
                None => line.amount(scratch, rng.cents(quantiles)),
            }
        }
        line.cell(rng.skewed(schooling));
        self.contract(rng, own, line, scratch);
    }

    /// The cells of the insured car and the quote, and the address.
    fn contract(
        &self,
        person: &mut Rng,
        own: Option<&mut Rng>,
        line: &mut Line,
        scratch: &mut String,
    ) {
        let [_, uses, vehicles, drivers, states, plans] = &self.kept;
        let lives = self.places.as_ref().map(|places| places.code(person));
        let rng = own.unwrap_or(person);
        line.cell(rng.skewed(uses));
        line.cell(rng.skewed(vehicles));
        line.cell(if rng.permille(120) { "oui" } else { "non" });
        for highest in [13, 26] {
            scratch.clear();
            let _ = write!(scratch, "{}", rng.below(highest).min(rng.below(highest)));
            line.cell(scratch);
        }
        line.cell(rng.skewed(drivers));
        let month = rng.below(66);
        let (year, month) = (2021 + month / 12, 1 + month % 12);
        line.date(scratch, (year, month, 1 + rng.below(days(year, month))));
        line.cell(rng.skewed(states));
        line.cell(rng.skewed(plans));
        match self.missing(rng, 30) {
            Some(missing) => line.cell(missing),
            None => line.amount(scratch, 18_000 + rng.below(120_000).min(rng.below(220_000))),
        }
        match (self.missing(rng, 15), lives) {
            (Some(missing), _) => line.cell(missing),
            (None, Some(code)) => {
                scratch.clear();
                let (house, street) = (1 + code % 90, rng.any(&self.streets));
                let _ = write!(scratch, "{house} {street}, {code:05} Villeneuve");
                line.cell(scratch);
            }
            (None, None) => {
                self.address(rng, scratch);
                line.cell(scratch);
            }
        }
        line.degrees(scratch, 42_400_000 + rng.below(8_500_000) as i64);
        line.degrees(scratch, rng.below(12_000_000) as i64 - 4_500_000);
    }

    fn missing(&self, rng: &mut Rng, chance: u64) -> Option<&'static str> {
        rng.permille(chance).then(|| rng.any(&self.missing))
    }

    fn or_missing(&self, rng: &mut Rng, chance: u64, content: &'static str) -> &'static str {
        self.missing(rng, chance).unwrap_or(content)
    }

    fn email(&self, rng: &mut Rng, first_name: &str, surname: &str, into: &mut String) {
        into.clear();
        let form = rng.below(4);
        let initial = first_name
            .char_indices()
            .nth(1)
            .map_or(first_name.len(), |(at, _)| at);
        let first_name = if form < 2 {
            first_name.split_at(initial).0
        } else {
            first_name
        };
        fold(first_name, into);
        into.push('.');
        fold(surname, into);
        if form.is_multiple_of(2) {
            let _ = write!(into, "{}", rng.below(100));
        }
        into.push('@');
        into.push_str(rng.skewed(&self.domains));
    }

    fn address(&self, rng: &mut Rng, into: &mut String) {
        into.clear();
        let suffix = rng.skewed(&["", "", "", "", " bis", " ter"]);
        let (house, street) = (
            1 + rng.below(140).min(rng.below(140)),
            rng.any(&self.streets),
        );
        let hamlet = rng.any(&self.hamlets);
        let town = rng.skewed(&self.towns);
        let (code, name) = town.split_once(' ').unwrap_or((town, town));
        let box_number = 1 + rng.below(400);
        let _ = match rng.below(1000) {
            0..20 => write!(into, "{} {street}, {town}", 10_001 + rng.below(80_000)),
            20..45 => {
                let cedex = rng.any(&self.cedex);
                write!(into, "Résidence {hamlet}, BP {box_number}, {cedex}")
            }
            45..55 => write!(into, "CS {}, {}", 70_000 + box_number, rng.any(&self.cedex)),
            55..75 => write!(into, "{house} {street}, {name}"),
            75..90 => write!(into, "Lieu-dit \"{hamlet}\", {town}"),
            // No comma in the first line: it must not look like a row of 28 cells of its own.
            90..98 => write!(into, "Résidence {hamlet}\n{house} {street}\n{town}"),
            98..115 => write!(into, "{house}{suffix} {street}, F-{town}"),
            115..130 => write!(into, "{house} {street}, {name} {code}"),
            130..150 => write!(
                into,
                "Bât. {}, {house} {street}, {town}",
                rng.any(&["A", "B", "C"])
            ),
            150..165 => write!(into, "{house} {street}, {town}, FRANCE"),
            _ => write!(into, "{house}{suffix} {street}, {town}"),
        };
    }
}

fn children(percentile: u64) -> &'static str {
    match percentile {
        0..40 => "0",
        40..62 => "1",
        62..86 => "2",
        86..96 => "3",
        96..99 => "4",
        _ => "5",
    }
}
