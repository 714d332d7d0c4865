//! From ground and act to hypotheses of French law and to the enumerations of the Digital Services Act. Hypotheses for a person, never findings of law.

use serde::Serialize;
use vigie_lexicon::{Act, Ground, LegalGroup, Severity};

/// One hypothesis of qualification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Hypothesis {
    code: &'static str,
    label: &'static str,
}

/// What the Transparency Database of the Commission calls it (schema v2).
#[derive(Debug, Serialize)]
pub(super) struct Dsa {
    category: &'static str,
    keywords: Vec<&'static str>,
    automated_detection: bool,
    art18_candidate: bool,
}

const fn law(code: &'static str, label: &'static str) -> Hypothesis {
    Hypothesis { code, label }
}

/// Hypotheses for one finding: act × legal group of its ground.
pub(super) fn hypotheses(act: Act, ground: Ground) -> Vec<Hypothesis> {
    use LegalGroup::{A, B};
    let group = ground.legal_group();
    let provocation = match group {
        A => vec![law("FR-1881-24-7", "provocation à la discrimination, à la haine ou à la violence à raison de l'origine ou de la religion")],
        B => vec![law(
            "FR-1881-24-8",
            "provocation à la haine ou à la violence à raison du sexe, de l'orientation sexuelle, de l'identité de genre ou du handicap",
        )],
        _ => Vec::new(),
    };
    let insult = match group {
        A if is_religious(ground) => vec![law("FR-1881-33-3", "injure publique à raison de la religion")],
        A => vec![law("FR-1881-33-3", "injure publique à raison de l'origine")],
        B => vec![law("FR-1881-33-4", "injure publique à raison du sexe, de l'orientation sexuelle, de l'identité de genre ou du handicap")],
        _ => vec![law("FR-1881-33-2", "injure publique envers un particulier")],
    };
    match act {
        Act::DeathThreat => vec![law("FR-CP-222-17", "menace de mort")],
        Act::ViolenceThreat => vec![law("FR-CP-222-17", "menace contre les personnes")],
        Act::IncitementViolence if provocation.is_empty() => vec![law("FR-1881-24-1", "provocation aux atteintes volontaires à la vie ou à l'intégrité")],
        Act::IncitementViolence | Act::IncitementHatred | Act::IncitementDiscrimination => provocation,
        Act::Insult | Act::Dehumanisation | Act::Coded => insult,
        Act::GroupDefamation => match group {
            A => vec![law("FR-1881-32-2", "diffamation publique à raison de l'origine ou de la religion")],
            B => vec![law("FR-1881-32-3", "diffamation publique à raison du sexe, de l'orientation sexuelle, de l'identité de genre ou du handicap")],
            _ => Vec::new(),
        },
        Act::ApologyCrimes => vec![law("FR-1881-24-5", "apologie de crimes")],
        Act::ApologyTerrorism => vec![law("FR-CP-421-2-5", "apologie du terrorisme")],
        Act::Denial => vec![law("FR-1881-24bis", "contestation de crime contre l'humanité")],
        Act::Harassment => vec![law("FR-CP-222-33-2-2", "harcèlement moral en ligne")],
        Act::SexistInsult => vec![law("FR-CP-R625-8-3", "outrage sexiste")],
        Act::Doxxing => vec![law("FR-CP-223-1-1", "divulgation d'informations exposant une personne à un risque")],
    }
}

fn is_religious(ground: Ground) -> bool {
    matches!(ground, Ground::Antisemitism | Ground::AntiMuslim | Ground::AntiReligious)
}

/// Category of the gravest act, keywords of all.
pub(super) fn dsa(findings: impl Iterator<Item = (Act, Ground, Severity)>) -> Dsa {
    let mut all: Vec<_> = findings.collect();
    all.sort_by_key(|(_, _, severity)| std::cmp::Reverse(*severity));
    let category = all.first().map_or("STATEMENT_CATEGORY_OTHER_VIOLATION_TC", |(act, ground, _)| category(*act, *ground));
    let mut keywords = Vec::new();
    for (act, ground, _) in &all {
        for keyword in self::keywords(*act, *ground) {
            if !keywords.contains(keyword) {
                keywords.push(*keyword);
            }
        }
    }
    let art18_candidate = all.iter().any(|(_, _, severity)| *severity == Severity::Critical);
    Dsa { category, keywords, automated_detection: true, art18_candidate }
}

fn category(act: Act, ground: Ground) -> &'static str {
    match act {
        Act::DeathThreat | Act::ViolenceThreat => "STATEMENT_CATEGORY_VIOLENCE",
        Act::ApologyTerrorism => "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        Act::Harassment => "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        Act::SexistInsult => "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        Act::Doxxing => "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        Act::IncitementViolence if !ground.is_protected() => "STATEMENT_CATEGORY_VIOLENCE",
        Act::ApologyCrimes | Act::Denial | Act::IncitementViolence => "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        _ => match ground.legal_group() {
            LegalGroup::A | LegalGroup::B => "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
            LegalGroup::C => "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
            LegalGroup::Zero => "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        },
    }
}

fn keywords(act: Act, ground: Ground) -> &'static [&'static str] {
    let protected = ground.is_protected();
    match act {
        Act::DeathThreat | Act::ViolenceThreat if protected => &["KEYWORD_INCITEMENT_VIOLENCE_HATRED", "KEYWORD_HATE_SPEECH"],
        Act::DeathThreat | Act::ViolenceThreat => &["KEYWORD_INCITEMENT_VIOLENCE_HATRED"],
        Act::IncitementViolence if !protected => &["KEYWORD_INCITEMENT_VIOLENCE_HATRED"],
        Act::IncitementDiscrimination => &["KEYWORD_HATE_SPEECH", "KEYWORD_DISCRIMINATION"],
        Act::GroupDefamation => &["KEYWORD_DEFAMATION", "KEYWORD_HATE_SPEECH"],
        Act::ApologyTerrorism => &["KEYWORD_TERRORIST_CONTENT"],
        Act::Denial => &["KEYWORD_HATE_SPEECH", "KEYWORD_OTHER"],
        Act::Harassment => &["KEYWORD_CYBER_HARASSMENT"],
        Act::SexistInsult => &["KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN"],
        Act::Doxxing => &["KEYWORD_OTHER", "KEYWORD_CYBER_STALKING"],
        // The Commission's label of HATE_SPEECH is incitement: a plain insult says so with OTHER.
        Act::Insult if protected => &["KEYWORD_HATE_SPEECH", "KEYWORD_OTHER"],
        Act::Insult => &["KEYWORD_CYBER_BULLYING_INTIMIDATION"],
        _ => &["KEYWORD_HATE_SPEECH"],
    }
}

/// 0 to 100: severity, then who asked for a look. Nothing about the author's past.
pub(super) fn priority(severity: Severity, notice: Option<&str>) -> u8 {
    let base = match severity {
        Severity::Critical => 85,
        Severity::High => 60,
        Severity::Medium => 35,
        Severity::Low => 15,
        Severity::None => 0,
    };
    let notice = match notice {
        Some("trusted_flagger" | "monitoring_reporter" | "authority") => 10,
        Some("user") => 5,
        _ => 0,
    };
    (base + notice).min(100)
}

/// The act as a reviewer reads it in place of a masked term.
pub(super) fn label(act: Act) -> &'static str {
    match act {
        Act::DeathThreat => "menace de mort",
        Act::ViolenceThreat => "menace",
        Act::IncitementViolence => "appel à la violence",
        Act::IncitementHatred => "appel à la haine",
        Act::IncitementDiscrimination => "appel à la discrimination",
        Act::Insult => "injure",
        Act::GroupDefamation => "diffamation",
        Act::Dehumanisation => "déshumanisation",
        Act::ApologyCrimes => "apologie",
        Act::ApologyTerrorism => "apologie du terrorisme",
        Act::Denial => "négation",
        Act::Harassment => "harcèlement",
        Act::SexistInsult => "injure sexiste",
        Act::Doxxing => "divulgation",
        Act::Coded => "code",
    }
}
