//! Posts of a wanted length: plain, obfuscated, hateful, adversarial. The sentences are ours; no post of a person is among them.

use crate::Numbers;

/// What people write on an ordinary day, in registers from news to chat.
const PLAIN: [&str; 48] = [
    "Le conseil municipal a voté hier soir le budget de la nouvelle médiathèque.",
    "Franchement ce film m'a fait pleurer, la fin est magnifique 😭",
    "Quelqu'un sait à quelle heure passe le bus 42 le dimanche ?",
    "J'ai raté mon train à cause d'une panne de signalisation, merci la ligne 13…",
    "Recette du jour : gratin de courgettes, un peu de crème et beaucoup de fromage.",
    "Mdr le prof a oublié sa clé dans la salle, on a attendu trente minutes.",
    "Ma grand-mère fête ses 90 ans samedi, toute la famille vient de Bretagne.",
    "Le match était nul mais l'ambiance dans le stade valait le déplacement.",
    "@camille_d tu viens demain à la réunion ou pas ?",
    "Plus d'infos ici : https://www.exemple.fr/actualites/2026/11/24?page=2",
    "Les agriculteurs attendent la pluie depuis six semaines.",
    "C'est quoi ce temps, il faisait 25 degrés hier et là on gèle 🥶",
    "L'équipe de France s'incline 2-1 après prolongation.",
    "J'adore ce livre, l'autrice raconte son enfance à Marseille avec beaucoup d'humour.",
    "Je cherche un appartement deux pièces à Lyon, budget 750 € charges comprises.",
    "Bon courage à tous ceux qui passent le bac cette semaine !",
    "Le maire n'a pas répondu aux questions des journalistes.",
    "Tu peux me passer le numéro du plombier stp ?",
    "Nouvelle vidéo en ligne, on y parle de jardinage et de compost #jardin #bio",
    "Il paraît que le concert est reporté au mois de mars, c'est dommage.",
    "L'exposition sur les manuscrits médiévaux ouvre le 3 décembre au musée.",
    "Mon chat a encore dormi sur le clavier, voilà pourquoi le rapport est en retard.",
    "Les soldes commencent mercredi, n'oubliez pas de comparer les prix.",
    "Merci à l'infirmière du service de nuit, elle a été adorable avec mon père.",
    "On a marché vingt kilomètres dans la forêt, mes pieds ne me pardonneront jamais.",
    "Qui a fini la saison 3 ? Sans divulgâcher, l'épisode 6 est incroyable.",
    "Le prix de l'électricité augmente de 4 % au premier février.",
    "Petit rappel : la bibliothèque ferme à 18 h pendant les vacances scolaires.",
    "Elle a appris le japonais toute seule, je suis admiratif.",
    "Le chantier du tramway prend encore du retard, la rue reste fermée.",
    "Bonne fête à toutes les mamans, on vous aime fort ❤️",
    "La boulangerie du coin fait les meilleurs croissants de la ville.",
    "J'avais promis de ne plus acheter de plantes, j'en ai pris quatre.",
    "Le rapport conclut que la qualité de l'air s'améliore dans la vallée.",
    "Les enfants ont construit une cabane avec trois planches et une corde.",
    "Quel plaisir de revoir tout le monde après deux ans !",
    "Le tribunal rendra sa décision le mois prochain.",
    "J'ai l'impression que mon téléphone écoute mes conversations, pas vous ?",
    "Impossible de trouver une place de parking près de la gare ce matin.",
    "La jeune femme a remporté le concours d'éloquence de son lycée.",
    "Il faudrait réparer le toit avant l'hiver, les devis sont hors de prix.",
    "Mon frère part six mois au Canada pour ses études.",
    "Ce logiciel plante à chaque mise à jour, c'est fatigant.",
    "On dirait que personne n'a lu le règlement de la copropriété.",
    "Le vétérinaire dit que tout va bien, ouf.",
    "Les bénévoles ont distribué deux cents repas chauds place de la République.",
    "Je n'ai pas dormi de la nuit, les voisins faisaient la fête.",
    "Belle lumière ce soir sur le port, dommage que je n'aie pas mon appareil.",
];

/// Kinds of posts made to cost much, each by another door.
pub const ADVERSARIAL: [&str; 9] = [
    "spaced letters",
    "stacked marks",
    "stars",
    "hashtags",
    "regional indicators",
    "nested entities",
    "a group in every clause",
    "a finding in every sentence",
    "a finding in every clause of one sentence",
];

/// Ordinary sentences up to about `bytes`, to the last whole word.
pub fn plain(numbers: &mut Numbers, bytes: usize) -> String {
    let mut post = String::with_capacity(bytes + 128);
    // A short post is a short sentence.
    let short = || PLAIN.iter().filter(|s| s.len() <= bytes.max(40)).copied().collect::<Vec<_>>();
    let from = if bytes < 80 { short() } else { PLAIN.to_vec() };
    while post.len() < bytes {
        if !post.is_empty() {
            post.push(' ');
        }
        post.push_str(numbers.pick(&from));
    }
    let post = cut(post, bytes);
    // A word cut short is a word that nobody knows.
    post.rsplit_once(' ').map_or(post.as_str(), |(whole, _)| whole).to_owned()
}

/// `posts` plain ones.
pub fn plain_set(seed: u64, posts: usize, bytes: usize) -> Vec<String> {
    let mut numbers = Numbers::new(seed);
    (0..posts).map(|_| plain(&mut numbers, bytes)).collect()
}

/// One hateful clause of a made-up group and predicate, then plain text.
pub fn hateful(numbers: &mut Numbers, bytes: usize, groups: &[String], predicates: &[String]) -> String {
    let (group, predicate) = (&groups[numbers.below(groups.len())], &predicates[numbers.below(predicates.len())]);
    let clause = format!("Les {group} sont des {predicate}. ");
    let rest = plain(numbers, bytes.saturating_sub(clause.len()));
    clause + &rest
}

/// The same clause with the predicate written to slip through, by one of five ways.
pub fn obfuscated(numbers: &mut Numbers, bytes: usize, groups: &[String], predicates: &[String]) -> String {
    let (group, predicate) = (&groups[numbers.below(groups.len())], &predicates[numbers.below(predicates.len())]);
    let written = match numbers.below(5) {
        0 => predicate.replace('a', "4").replace('e', "3").replace('o', "0"),
        1 => predicate.chars().map(|c| format!("{c}.")).collect(),
        2 => predicate.replace('a', "а").replace('e', "е").replace('o', "о"),
        3 => predicate.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        _ => predicate.replace(['a', 'o'], "*"),
    };
    let clause = format!("Les {group} sont des {written} ! ");
    let rest = plain(numbers, bytes.saturating_sub(clause.len()));
    clause + &rest
}

/// A post of one of the kinds of [`ADVERSARIAL`].
pub fn adversarial(kind: usize, bytes: usize, groups: &[String], predicates: &[String]) -> String {
    let predicate = &predicates[0];
    let group = &groups[0];
    let piece = match kind {
        0 => "l e s  b o n s  v i n s  ".to_owned(),
        1 => "b\u{301}\u{302}\u{303}\u{304}o\u{305}\u{306}\u{307}\u{308}n\u{309}\u{30a}\u{30b} ".to_owned(),
        2 => "b*n s**r *a*a ".to_owned(),
        3 => "#lesbonsvinsdecheznous #mangerbouger ".to_owned(),
        4 => "🇧🇴🇳🇸🇴🇮🇷 ".to_owned(),
        5 => "&amp;amp;amp;#98;on&#115;oir ".to_owned(),
        6 => format!("les {group} ne sont pas venus, "),
        7 => format!("Les {group} sont des {predicate}. "),
        _ => format!("les {group} sont des {predicate}, "),
    };
    cut(piece.repeat(bytes / piece.len() + 1), bytes)
}

/// The longest start of whole characters.
fn cut(mut post: String, bytes: usize) -> String {
    let mut end = bytes.min(post.len());
    while !post.is_char_boundary(end) {
        end -= 1;
    }
    post.truncate(end);
    post
}
