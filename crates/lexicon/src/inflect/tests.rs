//! What French makes of headwords, row by row. Verb rows give the forms that tell a paradigm; nominal rows give all of it.

use super::inflect;
use crate::model::{Form, Kind};

fn texts(headword: &str, kind: Kind) -> Vec<String> {
    inflect(headword, kind).unwrap_or_else(|e| unreachable!("{headword}: {}", e.message)).into_iter().map(|s| s.text).collect()
}

#[test]
fn nouns_and_adjectives_take_the_plurals_and_feminines_of_french() {
    let check = |headword: &str, expected: &str| {
        assert_eq!(texts(headword, Kind::Noun).join(" | "), expected, "{headword}");
    };
    // Plurals by ending.
    check("chat:m", "chat | chats");
    check("souris:f", "souris | souris");
    check("prix:m", "prix | prix");
    check("nez:m", "nez | nez");
    check("cheval:m", "cheval | chevaux");
    check("chacal:m", "chacal | chacals");
    check("château:m", "château | châteaux");
    check("noyau:m", "noyau | noyaux");
    check("landau:m", "landau | landaus");
    check("jeu:m", "jeu | jeux");
    check("pneu:m", "pneu | pneus");
    check("clou:m", "clou | clous");
    check("caillou:m", "caillou | cailloux");
    check("travail:m", "travail | travaux");
    check("détail:m", "détail | détails");
    check("pou:m:poux", "pou | poux");
    check("œil:m", "œil | yeux");
    check("sous-main:m", "sous-main | sous-mains");
    // Feminines by ending.
    check("stupide:mf", "stupide | stupide | stupides | stupides");
    check("dangereux:mf", "dangereux | dangereuse | dangereux | dangereuses");
    check("jaloux:mf", "jaloux | jalouse | jaloux | jalouses");
    check("menteur:mf", "menteur | menteuse | menteurs | menteuses");
    check("voleur:mf", "voleur | voleuse | voleurs | voleuses");
    check("directeur:mf", "directeur | directrice | directeurs | directrices");
    check("bienfaiteur:mf", "bienfaiteur | bienfaitrice | bienfaiteurs | bienfaitrices");
    check("profiteur:mf", "profiteur | profiteuse | profiteurs | profiteuses");
    check("persécuteur:mf", "persécuteur | persécutrice | persécuteurs | persécutrices");
    check("lutteur:mf", "lutteur | lutteuse | lutteurs | lutteuses");
    check("inférieur:mf", "inférieur | inférieure | inférieurs | inférieures");
    check("mineur:mf", "mineur | mineure | mineurs | mineures");
    check("vengeur:mf", "vengeur | vengeresse | vengeurs | vengeresses");
    check("indien:mf", "indien | indienne | indiens | indiennes");
    check("breton:mf", "breton | bretonne | bretons | bretonnes");
    check("persan:mf", "persan | persane | persans | persanes");
    check("paysan:mf", "paysan | paysanne | paysans | paysannes");
    check("coquin:mf", "coquin | coquine | coquins | coquines");
    check("agressif:mf", "agressif | agressive | agressifs | agressives");
    check("veuf:mf", "veuf | veuve | veufs | veuves");
    check("bref:mf", "bref | brève | brefs | brèves");
    check("étranger:mf", "étranger | étrangère | étrangers | étrangères");
    check("cruel:mf", "cruel | cruelle | cruels | cruelles");
    check("pareil:mf", "pareil | pareille | pareils | pareilles");
    check("muet:mf", "muet | muette | muets | muettes");
    check("inquiet:mf", "inquiet | inquiète | inquiets | inquiètes");
    check("idiot:mf", "idiot | idiote | idiots | idiotes");
    check("sot:mf", "sot | sotte | sots | sottes");
    check("taré:mf", "taré | tarée | tarés | tarées");
    check("pourri:mf", "pourri | pourrie | pourris | pourries");
    check("goulu:mf", "goulu | goulue | goulus | goulues");
    check("français:mf", "français | française | français | françaises");
    check("épais:mf", "épais | épaisse | épais | épaisses");
    check("brutal:mf", "brutal | brutale | brutaux | brutales");
    check("banal:mf", "banal | banale | banals | banales");
    check("jumeau:mf", "jumeau | jumelle | jumeaux | jumelles");
    check("laid:mf", "laid | laide | laids | laides");
    check("blanc:mf", "blanc | blanche | blancs | blanches");
    check("turc:mf", "turc | turque | turcs | turques");
    check("nul:mf", "nul | nulle | nuls | nulles");
    check("gros:mf", "gros | grosse | gros | grosses");
    check("mytho:mf", "mytho | mytho | mythos | mythos");
    check("faux-jeton:mf", "faux-jeton | faux-jetonne | faux-jetons | faux-jetonnes");
    check("ambigu:mf", "ambigu | ambiguë | ambigus | ambiguës");
    // What the headword states wins.
    check("fou:mf:folle", "fou | folle | fous | folles");
    check("traître:mf:traîtresse", "traître | traîtresse | traîtres | traîtresses");
    check("final:mf:finale:finaux", "final | finale | finaux | finales");
    check("hors-la-loi:inv", "hors-la-loi");
    // Several words.
    check("sac à malice:m", "sac à malice | sacs à malice");
    check("bon à rien:mf:bonne à rien", "bon à rien | bonne à rien | bons à rien | bonnes à rien");
    check("bon à rien:mf:bonne", "bon à rien | bonne à rien | bons à rien | bonnes à rien");
    check("race+inférieure:f", "race inférieure | races inférieures");
    check("gros+menteur:mf", "gros menteur | grosse menteuse | gros menteurs | grosses menteuses");
    check("naturellement+lâche:mf", "naturellement lâche | naturellement lâche | naturellement lâches | naturellement lâches");
    check("trop petit:mf", "trop petit | trop petite | trop petits | trop petites");
    check("mal+absolu:m", "mal absolu | maux absolus");
    check("moins que rien:inv", "moins que rien");
}

/// One cell per asked form: infinitives, participles and gerunds by form; finite ones by form and person.
fn cell(headword: &str, key: &str) -> String {
    let (form, person) = key.split_at(key.len() - 2);
    let wanted = Form::ALL.iter().copied().find(|f| f.code() == form.trim_end_matches('.')).expect("form");
    let found = inflect(headword, Kind::Verb).unwrap_or_else(|e| unreachable!("{headword}: {}", e.message)).into_iter().filter(|s| {
        s.form == wanted
            && match (person, s.person) {
                ("..", None) => true,
                (_, Some(p)) => person == format!("{}{}", p.person, if p.plural { 'p' } else { 's' }),
                _ => false,
            }
    });
    found.map(|s| s.text).collect::<Vec<_>>().join("/")
}

fn check_verb(headword: &str, row: &str) {
    for part in row.split(", ") {
        let (key, expected) = part.split_once(' ').expect("form and text");
        assert_eq!(cell(headword, key), expected, "{headword} {key}");
    }
}

#[test]
fn regular_verbs_take_the_forms_of_their_paradigm() {
    let check = check_verb;
    // First group and its spellings.
    check(
        "voler",
        "inf.. voler, prs1s vole, prs2s voles, prs1p volons, prs2p volez, prs3p volent, past3s volait/vola, past3p volaient/volèrent, fut1s volerai/volerais, sbj1p volions, imp2s vole, imp1p volons, pp.. volé/volée/volés/volées, ger.. volant",
    );
    check("placer", "prs1p plaçons, past3s plaçait/plaça, past1p placions, ger.. plaçant");
    check("manger", "prs1p mangeons, past3p mangeaient/mangèrent, sbj1p mangions, ger.. mangeant");
    check("nettoyer", "prs3s nettoie, prs1p nettoyons, fut3s nettoiera/nettoierait");
    check("payer", "prs3s paie/paye, fut3s paiera/paierait/payera/payerait");
    check("envoyer", "prs3p envoient, fut3s enverra/enverrait");
    check("jeter", "prs3s jette, prs1p jetons, fut3s jettera/jetterait");
    check("acheter", "prs3s achète, fut3s achètera/achèterait");
    check("épousseter", "prs3s époussète/époussette");
    check("harceler", "prs3p harcèlent, prs2p harcelez");
    check("lever", "prs3s lève, prs1p levons, fut3s lèvera/lèverait, sbj1p levions");
    check("céder", "prs3s cède, fut3s cédera/céderait");
    check("régler", "prs3s règle");
    check("créer", "prs3s crée, pp.. créé/créée/créés/créées");
    check("prier", "sbj1p priions, past1p priions");
    check("fermer", "prs3s ferme");
    check("briser", "prs3s brise");
    check("vexer", "prs3s vexe");
    check("ficher", "inf.. ficher/fiche, pp.. fiché/fichée/fichés/fichées/fichu/fichue/fichus/fichues");
    // Second group.
    check(
        "pourrir",
        "prs3s pourrit, prs3p pourrissent, past3s pourrissait/pourrit, fut3p pourriront/pourriraient, sbj3s pourrisse, imp2s pourris, pp.. pourri/pourrie/pourris/pourries",
    );
    check("répartir", "prs3p répartissent");
    check("avertir", "prs3p avertissent");
    check("haïr", "prs1s hais, prs3p haïssent, past1s haïssais, fut1s haïrai/haïrais, sbj3p haïssent, pp.. haï/haïe/haïs/haïes");
}

#[test]
fn irregular_verbs_take_the_forms_of_their_paradigm() {
    let check = check_verb;
    // Auxiliaries and modals.
    check("être", "prs1s suis, prs3p sont, past3s était/fut, fut3s sera/serait, sbj3p soient, imp2p soyez, pp.. été, ger.. étant");
    check("avoir", "prs1s ai, prs3p ont, past3s avait/eut, fut3s aura/aurait, sbj3s ait, imp2s aie, ger.. ayant");
    check("aller", "prs1s vais, prs3p vont, fut3p iront/iraient, sbj3s aille, sbj1p allions, imp2s va, pp.. allé/allée/allés/allées");
    check("faire", "prs2p faites, prs3p font, past3s faisait/fit, fut3s fera/ferait, sbj3s fasse, ger.. faisant");
    check("défaire", "prs3p défont, sbj1p défassions");
    check("devoir", "prs3s doit, prs3p doivent, past3p devaient/durent, fut3p devront/devraient");
    check("pouvoir", "prs1s peux, prs3p peuvent, fut3p pourront/pourraient, sbj3p puissent, pp.. pu");
    check("vouloir", "prs3p veulent, sbj3s veuille, sbj1p voulions, imp2p veuillez");
    check("savoir", "prs3p savent, fut3s saura/saurait, sbj3s sache, imp2p sachez, ger.. sachant");
    check("falloir", "prs3s faut, prs1s , past3s fallait/fallut, fut3s faudra/faudrait, fut3p , sbj3s faille");
    check("valoir", "prs3p valent, fut3p vaudront/vaudraient, sbj3s vaille, sbj1p valions");
    check("voir", "prs3p voient, fut3s verra/verrait, sbj1p voyions");
    check("recevoir", "prs3p reçoivent, prs1p recevons, fut3s recevra/recevrait, pp.. reçu/reçue/reçus/reçues");
    check("émouvoir", "prs3s émeut, prs3p émeuvent");
    check("pleuvoir", "prs3s pleut");
    check("asseoir", "prs3s assied/assoit, pp.. assis/assise/assises");
    // -ir of the third group.
    check("prévenir", "prs3s prévient, prs3p préviennent, fut3s préviendra/préviendrait, past3p prévenaient/prévinrent");
    check("tenir", "prs1p tenons, sbj3s tienne, sbj1p tenions");
    check("sortir", "prs3s sort, prs3p sortent, fut3p sortiront/sortiraient");
    check("sentir", "prs3p sentent");
    check("mentir", "prs3p mentent, ger.. mentant");
    check("dormir", "prs3p dorment");
    check("servir", "prs3p servent");
    check("asservir", "prs3p asservissent");
    check("mourir", "prs3p meurent, fut3p mourront/mourraient, sbj3p meurent, sbj1p mourions, imp2s meurs, pp.. mort/morte/morts/mortes");
    check("courir", "fut3p courront/courraient");
    check("nourrir", "prs3p nourrissent");
    check("souffrir", "prs3s souffre, imp2s souffre, pp.. souffert/soufferte/soufferts/souffertes");
    check("ouvrir", "prs3p ouvrent, pp.. ouvert/ouverte/ouverts/ouvertes");
    check("accueillir", "prs3s accueille, fut3s accueillera/accueillerait");
    check("assaillir", "prs3p assaillent");
    check("acquérir", "prs3p acquièrent, fut3s acquerra/acquerrait, pp.. acquis/acquise/acquises");
    check("fuir", "prs3p fuient, prs1p fuyons");
    check("vêtir", "prs3s vêt");
    // -re.
    check("vendre", "prs3s vend, prs3p vendent, past3s vendait/vendit, pp.. vendu/vendue/vendus/vendues");
    check("prendre", "prs3p prennent, prs1p prenons, sbj3s prenne, pp.. pris/prise/prises");
    check("mettre", "prs3s met, prs3p mettent, pp.. mis/mise/mises");
    check("battre", "prs3s bat, prs3p battent");
    check("rompre", "prs3s rompt, prs3p rompent");
    check("vaincre", "prs3s vainc, prs3p vainquent, sbj3s vainque");
    check("détruire", "prs3p détruisent, pp.. détruit/détruite/détruits/détruites");
    check("nuire", "prs3p nuisent, pp.. nui");
    check("taire", "prs3p taisent, imp2p taisez");
    check("dire", "prs2p dites, prs3p disent");
    check("interdire", "prs2p interdisez");
    check("lire", "prs3p lisent, pp.. lu/lue/lus/lues");
    check("décrire", "prs3p décrivent, pp.. décrit/décrite/décrits/décrites");
    check("rire", "prs3p rient, sbj1p riions");
    check("suivre", "prs3p suivent");
    check("vivre", "prs3s vit, past3p vivaient/vécurent, pp.. vécu/vécue/vécus/vécues");
    check("boire", "prs3p boivent, prs1p buvons, sbj1p buvions");
    check("croire", "prs3p croient, prs1p croyons");
    check("connaître", "prs3s connaît, prs3p connaissent, pp.. connu/connue/connus/connues");
    check("disparaître", "prs3p disparaissent, fut3p disparaîtront/disparaîtraient, sbj3p disparaissent, past3s disparaissait/disparut");
    check("naître", "past3p naissaient/naquirent, pp.. né/née/nés/nées");
    check("craindre", "prs3s craint, prs3p craignent, pp.. craint/crainte/craints/craintes");
    check("éteindre", "prs1p éteignons");
    check("résoudre", "prs3p résolvent");
    check("absoudre", "pp.. absous/absoute/absoutes");
    check("coudre", "prs3p cousent");
    check("moudre", "prs3p moulent");
    check("exclure", "prs3p excluent, pp.. exclu/exclue/exclus/exclues");
    check("foutre", "prs3s fout, prs2p foutez, imp2s fous, pp.. foutu/foutue/foutus/foutues");
}

#[test]
fn what_belongs_to_a_verb_takes_the_place_that_the_mood_gives_it() {
    let check = check_verb;
    check("se méfier", "inf.. méfier/se méfier, prs3p méfient, imp2p méfiez");
    check("s'incruster", "inf.. incruster/s'incruster, prs3p incrustent");
    check("se casser d'ici", "imp2s casse d'ici/casse-toi d'ici, imp2p cassez d'ici/cassez-vous d'ici");
    check("s'en foutre", "inf.. en foutre/s'en foutre, prs3p en foutent");
    check(
        "en avoir marre de",
        "inf.. en avoir marre de, prs1s en ai marre de, prs3p en ont marre de, pp.. eu marre de/eue marre de/eus marre de/eues marre de",
    );
    check("y passer", "prs3p y passent, imp2s y passe/passe-y");
    check("la fermer", "prs3p la ferment, imp2s la ferme/ferme-la");
    check("l'ouvrir", "prs3p l'ouvrent, inf.. l'ouvrir");
    check("ne pas supporter", "prs3p supportent pas, inf.. supporter pas/pas supporter");
    check("avoir pas confiance", "prs1s ai pas confiance, inf.. avoir pas confiance/pas avoir confiance");
    check("aller se faire voir", "imp2s va te faire voir, prs3p vont se faire voir, imp2p allez vous faire voir");
    check("foutre … dehors", "imp2p foutez … dehors, inf.. foutre … dehors");
    check("être terrifié par", "prs1s suis terrifié par/suis terrifiée par, prs3p sont terrifiés par/sont terrifiées par");
    check("être+violent", "prs3s est violent/est violente, prs3p sont violents/sont violentes");
}

#[test]
fn a_headword_without_a_paradigm_says_what_to_write() {
    let check = |headword: &str, kind: Kind, message: &str| {
        assert_eq!(inflect(headword, kind).map_err(|e| e.message), Err(message.to_owned()), "{headword}");
    };
    check("chat", Kind::Noun, "`chat` states no gender");
    check("chat:x", Kind::Noun, "`chat:x` is no headword: unknown gender `x` or too many parts");
    check("chat:m:a:b", Kind::Noun, "`chat:m:a:b` is no headword: unknown gender `m` or too many parts");
    check("chat::f", Kind::Adj, "`chat::f` has an empty part");
    check("bonjour", Kind::Verb, "`bonjour` is no infinitive with a known paradigm");
    check("+:mf", Kind::Noun, "`+:mf` has an empty part");
    check("chat+ noir:m", Kind::Noun, "`chat+ noir:m` has an empty part");
    check("voler:m", Kind::Verb, "`voler:m` has a paradigm mark, but verbs are conjugated from their infinitive");
    check("de trop:m", Kind::Phrase, "`de trop:m` has a paradigm, but a phrase is never inflected");
    check("mettre … et … dehors", Kind::Verb, "`mettre … et … dehors` has more than one hole");
    check("se ", Kind::Verb, "`se` is no infinitive with a known paradigm");
}

proptest::proptest! {
    #[test]
    fn inflection_is_total_and_never_gives_an_empty_form(text in "[a-zéèêàçœïâ'’…+: -]{0,24}", kind in 0..4usize) {
        let kind = [Kind::Noun, Kind::Adj, Kind::Verb, Kind::Phrase][kind];
        for headword in [text.clone(), format!("{text}er"), format!("{text}ir"), format!("{text}oir"), format!("{text}re"), format!("{text}:mf"), format!("{text}:m")] {
            if let Ok(forms) = inflect(&headword, kind) {
                proptest::prop_assert!(forms.iter().all(|s| !s.text.trim().is_empty() || headword.trim().is_empty()), "{headword}: {forms:?}");
            }
        }
    }
}
