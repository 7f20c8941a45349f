package bot

import "regexp"

// draftChecks run on the draft in lower case.
var draftChecks = []draftCheck{
	{"markup", regexp.MustCompile(`<[a-z/!?][^>]*|&(?:[a-z]+|#\d+|#x[0-9a-f]+);|\x60\x60\x60`)},
	{"link", regexp.MustCompile(`(?:https?|ftp|javascript|data|file|mailto|tel):|www\.|\]\(|\b[a-z0-9-]+\.(?:com|net|org|io|info|biz|ru|cn|hu|si|fr|uk|eu|xyz|top|shop|me|ly)\b`)},
	{"template", regexp.MustCompile(`\{\{|\}\}|\{%|\$\{|\{[a-z_]+\}`)},
	{"role marker", regexp.MustCompile(`(?m)(?:^|[.!?…。！？]["')»”]?)\s*(?:system|assistant|user|human|ai|customer|agent|operator)\s*[:：]|<\|[a-z_]+\|>|\[/?inst\]|###`)},
	{"code", regexp.MustCompile(`"(?:signals|draft|text|topic)"\s*:|\bselect\s.+\sfrom\s|\bdrop table\b`)},
	{"address", regexp.MustCompile(`[\w.+-]+@[\w-]+\.\w+`)},
	{"amount of money", regexp.MustCompile(`[€$£¥]\s?\d|\d[\d.,  ]*\s?(?:€|\$|£|¥|eur(?:os?)?\b|euros?\b|evrov?\b|huf\b|ft\b|forint|usd\b|gbp\b|dollars?\b|pounds?\b|元|块钱|欧元|美元)`)},
	{"percentage off", regexp.MustCompile(`\d\s?(?:%|percent|per cent|sz[aá]zal[eé]k|odstot|pour ?cent)|百分之|打[一二三四五六七八九\d]折`)},
	{"long number", regexp.MustCompile(`\d(?:[ -]?\d){10,}`)},
}

// draftWords run on the folded draft: lower case, no accents, no punctuation.
var draftWords = []draftCheck{
	{"promise of money", regexp.MustCompile(
		`\b(?:(?:i|we)(?: will| ll| can| have| ve|ll|ve)?(?: gladly| now| just| already| also| hereby| fully| immediately)* (?:refund(?:ed)?|reimburse[d]?|compensate[d]?|credit(?:ed)? you|credit(?:ed)? your|waive[d]?|issue[d]? (?:a|you a|the|your) (?:full )?(?:refund|credit|voucher)|give you (?:a |an |your )?(?:\w+ )?(?:discount|refund|voucher|credit|money|free)|pay you|send you (?:a )?(?:free|voucher|replacement)|offer you (?:a |an )?(?:\w+ )?(?:discount|refund|voucher|compensation|credit))` +
			`|you (?:will|ll|are going to) (?:get|receive|be given|have) (?:a |an |your |the )?(?:full |free |complete )?(?:refund|money|voucher|compensation|discount|credit|replacement)` +
			`|youll (?:get|receive|be given) (?:a |an |your |the )?(?:full |free )?(?:refund|money|voucher|compensation|discount|credit|replacement)` +
			`|(?:your|the|a) (?:full )?(?:refund|voucher|compensation|discount|replacement|credit) (?:has been|is|was|will be|have been) (?:\w+ )?(?:approved|issued|processed|granted|sent|confirmed|on its way|paid|made)` +
			`|you (?:are|re) entitled|youre entitled|free of charge as compensation|full refund|money back guaranteed|guarantee you|we guarantee|i guarantee|i promise|we promise|you have my word` +
			`|(?:visszateritjuk|visszafizetjuk|visszautaljuk|visszakapja|visszakapod|megteritjuk|karteritest (?:fizet|kap|ad)\w*|jovairjuk|jovairtuk|jovairom|visszateritettuk|visszautaltuk|visszautalom|visszateritem|kuldok (?:onnek |neked )?(?:egy )?(?:utalvanyt|ujat)|kuldunk (?:onnek |neked )?(?:egy )?(?:utalvanyt|ujat)|kap (?:egy )?(?:\w+ )?(?:utalvanyt|kedvezmenyt|karteritest|penzt)|adok (?:egy )?(?:kedvezmenyt|utalvanyt)|adunk (?:egy )?(?:kedvezmenyt|utalvanyt)|elengedjuk|jar onnek|jar neked|igerem|igerjuk|garantalom|garantaljuk|szavamat adom)` +
			`|(?:vrnili (?:vam )?(?:bomo )?(?:denar|kupnino|znesek)|bomo (?:vam )?(?:vrnili|povrnili|nakazali|poslali nov\w*|poslali bon)|vam (?:bom|bomo) (?:vrnil\w?|povrnil\w?|nakazal\w?|poslal\w? bon|dal\w? popust|podaril\w?)|bom (?:vam )?(?:vrnil\w?|povrnil\w?|nakazal\w?)|vracilo (?:je )?(?:odobreno|nakazano|potrjeno)|prejeli boste (?:vracilo|denar|bon|popust|odskodnino)|dobili boste (?:vracilo|denar|bon|popust|odskodnino)|boste (?:dobili|prejeli) (?:vracilo|denar|bon|popust|odskodnino)|odskodnin\w+|pripada vam|obljubim|obljubljam\w*|jamcim\w*|zagotavljam\w*|dam besedo)` +
			`|(?:(?:je|nous) (?:vous )?(?:rembours\w*|dedommag\w*|indemnis\w*|credit\w*|offr\w*|accord\w*|garanti\w*|promet\w*)|vous (?:serez|allez etre) (?:rembours\w*|dedommag\w*|indemnis\w*|credit\w*)|vous (?:recevrez|aurez|toucherez|allez recevoir) (?:un |une |votre |le |la )?(?:remboursement|avoir|bon|argent|indemnit\w*|remise|dedommagement)|(?:votre|le|un) remboursement (?:est|a ete|sera) \w+|remboursement integral|je (?:te )?promets|parole d ?honneur|vous avez droit|je m ?engage|nous nous engageons))\b` +
			`|(?:我|我们|为您|给您|帮您|将|会|已|已经)(?:马上|立即|立刻|现在|全额|已经|会|将|为您|给您|帮您)*(?:退款|退钱|赔偿|补偿|赔付|退还|返还|免除|免单|减免|打折|送您|赠送|补发)|全额退款|您(?:将|会|可以)(?:得到|获得|收到)(?:退款|赔偿|补偿|优惠|代金券)|退款(?:已|将|会)|赔您|保证|承诺|您有权|我答应|向您许诺`)},
	{"promise of a date", regexp.MustCompile(
		`\b(?:(?:it|you|your order|your parcel|your package|the parcel|the order|the refund)(?: will| ll) (?:be (?:delivered|there|sent|with you|refunded)|arrive|come|receive it) (?:\w+ )?(?:today|tomorrow|tonight|by|on|within|before|in)|(?:will|ll) (?:be solved|be fixed|be done|call you|contact you) (?:today|tomorrow|within|by|in)` +
			`|(?:holnap|ma|holnaputan|\d+ (?:oran|napon) belul) (?:megerkezik|megjon|megkapja|kiszallitjuk|hivjuk|felhivjuk|visszahivjuk)|(?:megerkezik|megkapja|kiszallitjuk|felhivjuk|visszahivjuk) (?:holnap|ma|\d+)` +
			`|(?:jutri|danes|v \d+ (?:urah|dneh)) (?:bo|boste|vas bomo|vas bom|prispe|pride)|(?:bo|boste|prispe|bomo) (?:\w+ )?(?:jutri|danes|v \d+)` +
			`|(?:arrivera|sera livre|sera livree|sera resolu|serez livre|recevrez votre colis|rappellerons|appellerons) (?:\w+ )?(?:demain|aujourd|dans|sous|avant|ce)|sera (?:resolu|regle|livre|livree) (?:demain|aujourd|dans|sous|avant))\b` +
			`|(?:今天|明天|后天|\d+小时内|\d+天内|24小时)(?:之内|内)?(?:就|一定|会|将|必)*(?:送达|到货|到达|收到|解决|给您打电话|联系您|发货|到账)`)},
	{"law or guilt", regexp.MustCompile(
		`\b(?:legal advice|you (?:should|could|can|may) sue|sue us|we (?:are|were) (?:legally )?(?:liable|negligent|at fault|guilty|responsible for)|(?:our|my) (?:own )?(?:fault|negligence|liability)|we admit|we accept (?:full )?(?:liability|responsibility)|i admit|we broke the law|legally (?:binding|obliged|required)|this (?:is|constitutes) a (?:binding|legal)|in court|class action` +
			`|jogi tanacs\w*|perelhet\w*|perelje\w*|felelosseget vallal\w*|elismerjuk|a mi hibank|hibaztunk|mi hibaztunk|jogilag|jogszerutlen\w*|torvenyt sertett\w*|kotelezettseget vallal\w*` +
			`|pravni nasvet|lahko (?:nas )?tozite|tozite nas|priznavamo|prevzemamo (?:polno )?odgovornost|nasa krivda|mi smo krivi|krsili smo zakon|pravno zavezujoc\w*` +
			`|conseil juridique|vous pouvez (?:nous )?(?:poursuivre|attaquer)|porter plainte contre nous|nous reconnaissons|nous admettons|notre (?:faute|responsabilite est|negligence)|c ?est de notre faute|nous sommes (?:responsables|fautifs|en tort|coupables)|juridiquement|legalement tenus?)\b` +
			`|法律建议|起诉我们|可以起诉|去法院|承认(?:是)?我们|我们的错|我方责任|我们的责任|承担(?:全部|法律|一切)?责任|违法|法律责任`)},
	{"claims to have acted", regexp.MustCompile(
		`\b(?:i(?: have|ve| just| already|ve just| have just| have already|ve already)+ (?:\w+ )?(?:cancel\w*|chang\w*|updat\w*|refund\w*|transferr\w*|forward\w*|escalat\w*|contact\w*|call\w*|sent|book\w*|process\w*|delet\w*|connect\w*|checked your|looked up|ordered)|i (?:cancell?ed|changed|updated|refunded|transferred|escalated|processed|deleted|booked|checked your)|(?:your order|the order|your subscription|your account) (?:has been|is now|was) (?:cancel\w*|chang\w*|updat\w*|delet\w*|upgrad\w*|unlock\w*)|(?:am|m|im) (?:now )?(?:transferring|connecting|putting) you|let me (?:transfer|connect) you|transferred you` +
			`|(?:toroltem|modositottam|lemondtam|megvaltoztattam|tovabbitottam|kapcsolom|atkapcsolom|atadtam|ertesitettem|felhivtam|elkuldtem|elinteztem|ellenoriztem a rendeles\w*|visszavontam|feloldottam)` +
			`|(?:(?:sem|smo) (?:vam )?(?:ze )?(?:preklical\w?|spremenil\w?|odpovedal\w?|posredoval\w?|preusmeril\w?|poslal\w?|uredil\w?|preveril\w?|izbrisal\w?|odklenil\w?|poklical\w?)|povezujem vas|vas povezujem|preklical\w? sem|spremenil\w? sem|poslal\w? sem|uredil\w? sem|preveril\w? sem|odpovedal\w? sem)` +
			`|(?:j ?ai|nous avons) (?:bien |deja |donc )?(?:annule|modifie|change|transfere|transmis|envoye|contacte|appele|resilie|supprime|verifie|debloque|traite|regle)|je vous (?:transfere|mets en relation|connecte|passe)|votre (?:commande|abonnement) (?:est|a ete) (?:annule\w*|modifie\w*|resilie\w*))\b` +
			`|(?:我|我们)?(?:已经|已|刚刚|刚)(?:为您|帮您|替您|给您)*(?:取消|修改|更改|转接|转交|联系|提交|发送|处理|删除|解锁|查到|核实|安排)|(?:正在|马上|这就|现在)(?:为您|帮您|给您)转接`)},
	{"claims to be a person", regexp.MustCompile(
		`\b(?:i am (?:a )?(?:human|real person|person|not a (?:bot|robot|machine|computer))|im (?:a )?(?:human|real person|person|not a (?:bot|robot|machine|computer))|my name is \w+|this is \w+ from (?:support|customer|the)|as a (?:human|lawyer|doctor|manager|supervisor)|i am (?:the |your )?(?:manager|supervisor|lawyer|doctor|ceo|owner)|im (?:the |your )?(?:manager|supervisor|lawyer|doctor|ceo|owner)|i am (?:chatgpt|gpt|claude|gemini|llama)|as an ai language model|language model|openai|anthropic|pretend to be|dan mode|developer mode|system prompt|my instructions|previous instructions|ignore (?:all|the|previous|my)` +
			`|(?:ember vagyok|valodi (?:ember|szemely) vagyok|nem vagyok (?:robot|gep|bot)|a nevem \w+|az ugyintezo vagyok|vezeto vagyok|ugyved vagyok|orvos vagyok|nyelvi modell|rendszerutasitas\w*|utasitasaim)` +
			`|(?:sem clovek|sem prava oseba|sem prav clovek|nisem (?:robot|stroj|bot)|ime mi je|moje ime je|sem (?:vodja|odvetnik|zdravnik|direktor)|jezikovni model|sistemsk\w+ navodil\w*|moja navodila)` +
			`|(?:je suis (?:un |une )?(?:humain\w*|vraie personne|personne reelle|vrai conseiller|conseillere?|le responsable|la responsable|responsable|avocat\w*|medecin|directeur|directrice)|je ne suis pas (?:un |une )?(?:robot|machine|bot)|je m ?appelle|mon nom est|modele de langage|mes instructions|instructions precedentes|invite systeme))\b` +
			`|我是(?:真人|人类|人工|客服(?:人员|小|专员)|经理|主管|律师|医生|老板)|我不是(?:机器人|机器|程序)|我叫|我的名字|语言模型|系统提示|我的指令|之前的指令|忽略(?:以上|之前|所有)`)},
	{"asks for a secret", regexp.MustCompile(
		`\b(?:your (?:\w+ )?(?:password|pin|pin code|cvv|cvc|card number|credit card|card details|bank details|iban|security code|one time code|verification code|passport|social security)|card number|cvv|cvc` +
			`|jelszav\w*|jelszot|pin kod\w*|kartyaszam\w*|bankkartya\w*|biztonsagi kod\w*|szemelyi szam\w*|bankszamlaszam\w*` +
			`|(?:vase|svoje|povejte mi|poslite mi|posljite|napisite|vpisite|zaupajte) (?:\w+ )?geslo|gesla|pin kod\w*|stevilk\w+ kartice|stevilko kartice|varnostn\w+ kod\w*|podatk\w+ kartice|emso` +
			`|votre mot de passe|code (?:pin|secret|de securite|confidentiel)|numero de (?:votre )?carte|carte bancaire|cryptogramme|votre iban)\b` +
			`|(?:您的|你的|提供|输入|告诉我)(?:登录|支付|银行)?(?:密码|卡号|银行卡|信用卡|验证码|身份证)`)},
	{"insult or dispute", regexp.MustCompile(
		`\b(?:stupid|idiot|moron|shut up|liar|you are lying|you lie|your mistake|your problem|you never|useless|hate you|kill|f+u+c+k\w*|shit|damn|bitch|bastard|worst (?:company|delivery)` +
			`|hulye|idiota|hazudik|hazudsz|a maga hibaja|az on hibaja|fogja be|kuss|barom|szar|kurva|geci|fasz` +
			`|neumn\w*|idiot|bedak|lazete|lazes|vasa napaka|utihni|kurac|pizda|drek` +
			`|stupide|imbecile|idiot|menteur|vous mentez|votre faute|taisez|ferme la|merde|putain|connard)\b` +
			`|笨蛋|白痴|傻|闭嘴|骗子|你撒谎|您的错|你的错|滚|他妈|去死|垃圾(?:公司|服务|产品|话)`)},
}
