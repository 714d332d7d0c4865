//! Irregular verbs by ending, as one table. Imperfect, subjunctive, gerund and imperative follow from the present unless a row says otherwise.

/// Conjugation of every verb that ends in `ending`; the longest ending wins, and equal endings are variants of one verb.
pub(super) struct Row {
    /// Ending of the infinitive; with a leading `=`, the whole infinitive.
    pub(super) ending: &'static str,
    /// Present: je tu il nous vous ils; `-` where there is none.
    pub(super) present: &'static str,
    /// Stem of future and conditional.
    pub(super) future: &'static str,
    /// Simple past, third persons; empty where there is none.
    pub(super) past: &'static str,
    /// Past participle, masculine singular; with a trailing `!` it never agrees; `-` = left out.
    pub(super) participle: &'static str,
    /// What does not follow from the present: `impf=STEM`, `sbj=STEM` or `sbj=STEM,STEM` (nous, vous), `sbj6=…`, `imp=a,b,c`, `ger=…`, `fem=…`, `impersonal`.
    pub(super) extra: &'static str,
}

const fn row(ending: &'static str, present: &'static str, future: &'static str, past: &'static str, participle: &'static str, extra: &'static str) -> Row {
    Row { ending, present, future, past, participle, extra }
}

/// `dû` and `tu` (of taire) are left out: folded, they are an article and a pronoun.
#[rustfmt::skip] // one verb a line: the table is read by column
pub(super) const ROWS: &[Row] = &[
    row("=avoir", "ai as a avons avez ont", "aur", "eut eurent", "eu", "sbj6=aie,aies,ait,ayons,ayez,aient imp=aie,ayons,ayez ger=ayant"),
    row("=être", "suis es est sommes êtes sont", "ser", "fut furent", "été!", "impf=ét sbj6=sois,sois,soit,soyons,soyez,soient imp=sois,soyons,soyez ger=étant"),
    row("=aller", "vais vas va allons allez vont", "ir", "alla allèrent", "allé", "sbj=aill,all imp=va,allons,allez"),
    row("envoyer", "envoie envoies envoie envoyons envoyez envoient", "enverr", "envoya envoyèrent", "envoyé", ""),
    // -oir
    row("asseoir", "assieds assieds assied asseyons asseyez asseyent", "assiér", "assit assirent", "assis", ""),
    row("asseoir", "assois assois assoit assoyons assoyez assoient", "assoir", "assit assirent", "assis", ""),
    row("surseoir", "sursois sursois sursoit sursoyons sursoyez sursoient", "surseoir", "sursit sursirent", "sursis", ""),
    row("cevoir", "çois çois çoit cevons cevez çoivent", "cevr", "çut çurent", "çu", ""),
    row("choir", "chois chois choit choyons choyez choient", "choir", "chut churent", "chu", ""),
    row("devoir", "dois dois doit devons devez doivent", "devr", "dut durent", "-", ""),
    row("falloir", "- - faut - - -", "faudr", "fallut -", "fallu!", "impf=fall sbj=faill,faill imp=- ger=- impersonal"),
    row("mouvoir", "meus meus meut mouvons mouvez meuvent", "mouvr", "mut murent", "mu", ""),
    row("pleuvoir", "pleux pleux pleut pleuvons pleuvez pleuvent", "pleuvr", "plut plurent", "plu!", ""),
    row("pouvoir", "peux peux peut pouvons pouvez peuvent", "pourr", "put purent", "pu!", "sbj=puiss imp=-"),
    row("savoir", "sais sais sait savons savez savent", "saur", "sut surent", "su", "sbj=sach imp=sache,sachons,sachez ger=sachant"),
    row("valoir", "vaux vaux vaut valons valez valent", "vaudr", "valut valurent", "valu", "sbj=vaill,val"),
    row("prévaloir", "prévaux prévaux prévaut prévalons prévalez prévalent", "prévaudr", "prévalut prévalurent", "prévalu", ""),
    row("voir", "vois vois voit voyons voyez voient", "verr", "vit virent", "vu", ""),
    row("prévoir", "prévois prévois prévoit prévoyons prévoyez prévoient", "prévoir", "prévit prévirent", "prévu", ""),
    row("pourvoir", "pourvois pourvois pourvoit pourvoyons pourvoyez pourvoient", "pourvoir", "pourvut pourvurent", "pourvu", ""),
    row("vouloir", "veux veux veut voulons voulez veulent", "voudr", "voulut voulurent", "voulu", "sbj=veuill,voul imp=veuille,veuillons,veuillez"),
    // -ir
    row("bouillir", "bous bous bout bouillons bouillez bouillent", "bouillir", "bouillit bouillirent", "bouilli", ""),
    row("courir", "cours cours court courons courez courent", "courr", "courut coururent", "couru", ""),
    row("cueillir", "cueille cueilles cueille cueillons cueillez cueillent", "cueiller", "cueillit cueillirent", "cueilli", ""),
    row("dormir", "dors dors dort dormons dormez dorment", "dormir", "dormit dormirent", "dormi", ""),
    row("ffrir", "ffre ffres ffre ffrons ffrez ffrent", "ffrir", "ffrit ffrirent", "ffert", ""),
    row("fuir", "fuis fuis fuit fuyons fuyez fuient", "fuir", "fuit fuirent", "fui", ""),
    row("haïr", "hais hais hait haïssons haïssez haïssent", "haïr", "haït haïrent", "haï", ""),
    row("mentir", "mens mens ment mentons mentez mentent", "mentir", "mentit mentirent", "menti", ""),
    row("mourir", "meurs meurs meurt mourons mourez meurent", "mourr", "mourut moururent", "mort", ""),
    row("ouvrir", "ouvre ouvres ouvre ouvrons ouvrez ouvrent", "ouvrir", "ouvrit ouvrirent", "ouvert", ""),
    row("partir", "pars pars part partons partez partent", "partir", "partit partirent", "parti", ""),
    row("quérir", "quiers quiers quiert quérons quérez quièrent", "querr", "quit quirent", "quis", ""),
    row("saillir", "saille sailles saille saillons saillez saillent", "saillir", "saillit saillirent", "sailli", ""),
    row("défaillir", "défaille défailles défaille défaillons défaillez défaillent", "défaillir", "défaillit défaillirent", "défailli", ""),
    row("sentir", "sens sens sent sentons sentez sentent", "sentir", "sentit sentirent", "senti", ""),
    row("servir", "sers sers sert servons servez servent", "servir", "servit servirent", "servi", ""),
    row("sortir", "sors sors sort sortons sortez sortent", "sortir", "sortit sortirent", "sorti", ""),
    row("tenir", "tiens tiens tient tenons tenez tiennent", "tiendr", "tint tinrent", "tenu", ""),
    row("venir", "viens viens vient venons venez viennent", "viendr", "vint vinrent", "venu", ""),
    row("vêtir", "vêts vêts vêt vêtons vêtez vêtent", "vêtir", "vêtit vêtirent", "vêtu", ""),
    // -re
    row("absoudre", "absous absous absout absolvons absolvez absolvent", "absoudr", "absolut absolurent", "absous", "fem=absoute"),
    row("aître", "ais ais aît aissons aissez aissent", "aîtr", "ut urent", "u", ""),
    row("aitre", "ais ais ait aissons aissez aissent", "aitr", "ut urent", "u", ""),
    row("naître", "nais nais naît naissons naissez naissent", "naîtr", "naquit naquirent", "né", ""),
    row("naitre", "nais nais nait naissons naissez naissent", "naitr", "naquit naquirent", "né", ""),
    row("connaître", "connais connais connaît connaissons connaissez connaissent", "connaîtr", "connut connurent", "connu", ""),
    row("connaitre", "connais connais connait connaissons connaissez connaissent", "connaitr", "connut connurent", "connu", ""),
    row("croître", "crois crois croît croissons croissez croissent", "croîtr", "crut crurent", "cru", ""),
    row("battre", "bats bats bat battons battez battent", "battr", "battit battirent", "battu", ""),
    row("boire", "bois bois boit buvons buvez boivent", "boir", "but burent", "bu", ""),
    row("circoncire", "circoncis circoncis circoncit circoncisons circoncisez circoncisent", "circoncir", "circoncit circoncirent", "circoncis", ""),
    row("clore", "clos clos clôt closons closez closent", "clor", "", "clos", ""),
    row("clure", "clus clus clut cluons cluez cluent", "clur", "clut clurent", "clu", ""),
    row("inclure", "inclus inclus inclut incluons incluez incluent", "inclur", "inclut inclurent", "inclus", ""),
    row("confire", "confis confis confit confisons confisez confisent", "confir", "confit confirent", "confit", ""),
    row("coudre", "couds couds coud cousons cousez cousent", "coudr", "cousit cousirent", "cousu", ""),
    row("crire", "cris cris crit crivons crivez crivent", "crir", "crivit crivirent", "crit", ""),
    row("croire", "crois crois croit croyons croyez croient", "croir", "crut crurent", "cru", ""),
    row("=dire", "dis dis dit disons dites disent", "dir", "dit dirent", "dit", ""),
    row("=redire", "redis redis redit redisons redites redisent", "redir", "redit redirent", "redit", ""),
    row("dire", "dis dis dit disons disez disent", "dir", "dit dirent", "dit", ""),
    row("maudire", "maudis maudis maudit maudissons maudissez maudissent", "maudir", "maudit maudirent", "maudit", ""),
    row("faire", "fais fais fait faisons faites font", "fer", "fit firent", "fait", "sbj=fass"),
    row("=fiche", "fiche fiches fiche fichons fichez fichent", "ficher", "ficha fichèrent", "fichu", ""),
    row("foutre", "fous fous fout foutons foutez foutent", "foutr", "foutit foutirent", "foutu", ""),
    row("frire", "fris fris frit - - -", "frir", "", "frit", "impf=- sbj=- imp=- ger=-"),
    row("indre", "ins ins int ignons ignez ignent", "indr", "ignit ignirent", "int", ""),
    row("lire", "lis lis lit lisons lisez lisent", "lir", "lut lurent", "lu", ""),
    row("luire", "luis luis luit luisons luisez luisent", "luir", "luisit luisirent", "lui!", ""),
    row("nuire", "nuis nuis nuit nuisons nuisez nuisent", "nuir", "nuisit nuisirent", "nui!", ""),
    row("uire", "uis uis uit uisons uisez uisent", "uir", "uisit uisirent", "uit", ""),
    row("mettre", "mets mets met mettons mettez mettent", "mettr", "mit mirent", "mis", ""),
    row("moudre", "mouds mouds moud moulons moulez moulent", "moudr", "moulut moulurent", "moulu", ""),
    row("plaire", "plais plais plaît plaisons plaisez plaisent", "plair", "plut plurent", "plu!", ""),
    row("prendre", "prends prends prend prenons prenez prennent", "prendr", "prit prirent", "pris", ""),
    row("rire", "ris ris rit rions riez rient", "rir", "rit rirent", "ri!", ""),
    row("rompre", "romps romps rompt rompons rompez rompent", "rompr", "rompit rompirent", "rompu", ""),
    row("soudre", "sous sous sout solvons solvez solvent", "soudr", "solut solurent", "solu", ""),
    row("suffire", "suffis suffis suffit suffisons suffisez suffisent", "suffir", "suffit suffirent", "suffi!", ""),
    row("suivre", "suis suis suit suivons suivez suivent", "suivr", "suivit suivirent", "suivi", ""),
    row("taire", "tais tais tait taisons taisez taisent", "tair", "tut turent", "-", ""),
    row("traire", "trais trais trait trayons trayez traient", "trair", "", "trait", ""),
    row("vaincre", "vaincs vaincs vainc vainquons vainquez vainquent", "vaincr", "vainquit vainquirent", "vaincu", ""),
    row("vivre", "vis vis vit vivons vivez vivent", "vivr", "vécut vécurent", "vécu", ""),
];

/// Verbs of the second group that end like an irregular one.
pub(super) const SECOND_GROUP: &[&str] = &[
    "asservir",
    "assortir",
    "impartir",
    "répartir",
    "réassortir",
    "amortir",
    "avertir",
    "convertir",
    "divertir",
    "invertir",
    "pervertir",
    "subvertir",
    "nantir",
    "retentir",
    "ralentir",
    "anéantir",
    "appesantir",
    "garantir",
    "empuantir",
];

/// Verbs in -eler and -eter that double their consonant; no other spelling is right.
pub(super) const DOUBLING: &[&str] = &["appeler", "rappeler", "interpeler", "jeter", "rejeter", "projeter", "déjeter", "forjeter", "interjeter", "surjeter"];

/// Verbs in -eler and -eter that take è and never double. The others are written both ways.
pub(super) const GRAVE: &[&str] = &[
    "acheter",
    "racheter",
    "celer",
    "déceler",
    "receler",
    "ciseler",
    "démanteler",
    "écarteler",
    "geler",
    "congeler",
    "dégeler",
    "surgeler",
    "harceler",
    "marteler",
    "modeler",
    "peler",
    "haleter",
    "crocheter",
    "fureter",
];
