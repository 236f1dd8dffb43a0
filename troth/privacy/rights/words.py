"""What we say to people outside, in the language they wrote in. Their language may be none of a member's."""

from troth.privacy.rights.kinds import Kind, Outcome

LANGUAGES = ("en", "ms", "es", "pt", "ar")
RIGHT_TO_LEFT = ("ar",)

# The answer in the conversation. {company}, {link} and {days} are filled in.
HEARD: dict[str, dict[Kind, str]] = {
    "en": {
        Kind.ACCESS: "Thank you, {company} got your request to see your data. You get an answer within {days} days."
        " See how it goes: {link}",
        Kind.ERASURE: "Thank you, {company} got your request to be deleted. You get an answer within {days} days."
        " See how it goes: {link}",
        Kind.OBJECTION: "Thank you, {company} will send you no more marketing. See what was done: {link}",
    },
    "ms": {
        Kind.ACCESS: "Terima kasih, {company} telah menerima permintaan anda untuk melihat data anda. Anda akan mendapat"
        " jawapan dalam {days} hari. Lihat perkembangannya: {link}",
        Kind.ERASURE: "Terima kasih, {company} telah menerima permintaan anda supaya data anda dipadamkan. Anda akan"
        " mendapat jawapan dalam {days} hari. Lihat perkembangannya: {link}",
        Kind.OBJECTION: "Terima kasih, {company} tidak akan menghantar pemasaran lagi kepada anda. Lihat apa yang telah"
        " dibuat: {link}",
    },
    "es": {
        Kind.ACCESS: "Gracias, {company} ha recibido tu solicitud de ver tus datos. Tendrás una respuesta en {days} días"
        " como máximo. Mira cómo va: {link}",
        Kind.ERASURE: "Gracias, {company} ha recibido tu solicitud de borrado. Tendrás una respuesta en {days} días"
        " como máximo. Mira cómo va: {link}",
        Kind.OBJECTION: "Gracias, {company} no te enviará más publicidad. Mira lo que se ha hecho: {link}",
    },
    "pt": {
        Kind.ACCESS: "Obrigado, {company} recebeu seu pedido para ver seus dados. Você terá uma resposta em até {days}"
        " dias. Veja o andamento: {link}",
        Kind.ERASURE: "Obrigado, {company} recebeu seu pedido de exclusão. Você terá uma resposta em até {days} dias."
        " Veja o andamento: {link}",
        Kind.OBJECTION: "Obrigado, {company} não enviará mais publicidade a você. Veja o que foi feito: {link}",
    },
    "ar": {
        Kind.ACCESS: "شكرًا لك، تلقّت {company} طلبك للاطلاع على بياناتك. ستصلك إجابة خلال {days} يومًا. تابع الطلب: {link}",
        Kind.ERASURE: "شكرًا لك، تلقّت {company} طلبك بحذف بياناتك. ستصلك إجابة خلال {days} يومًا. تابع الطلب: {link}",
        Kind.OBJECTION: "شكرًا لك، لن ترسل لك {company} أي تسويق بعد الآن. اطّلع على ما تم: {link}",
    },
}

YOUR_COPY = {
    "en": "Here is the copy of your data. The link works once, until {until} UTC: {link}",
    "ms": "Ini salinan data anda. Pautan ini berfungsi sekali sahaja, sehingga {until} UTC: {link}",
    "es": "Aquí está la copia de tus datos. El enlace funciona una sola vez, hasta {until} UTC: {link}",
    "pt": "Aqui está a cópia dos seus dados. O link funciona uma única vez, até {until} UTC: {link}",
    "ar": "هذه نسخة من بياناتك. يعمل الرابط مرة واحدة فقط حتى {until} UTC: {link}",
}

# What a member may send as an answer, by kind and outcome; members change them as they like.
ANSWERS: dict[str, dict[tuple[Kind, Outcome], str]] = {
    "en": {
        (
            Kind.ERASURE,
            Outcome.DONE,
        ): "Your data is being deleted. The last copy, in our backups, is gone within 29 days.",
        (Kind.ACCESS, Outcome.DONE): "We have sent you a copy of everything that we hold about you.",
        (Kind.CORRECTION, Outcome.DONE): "Thank you, we have corrected it.",
        (Kind.OBJECTION, Outcome.DONE): "You will get no more marketing from us.",
        (Kind.RESTRICTION, Outcome.DONE): "We keep your data but do nothing with it.",
        (Kind.OTHER, Outcome.REFUSED): "We cannot do what you asked: {reason}. You may complain to your data protection"
        " authority or go to court.",
    },
    "ms": {
        (
            Kind.ERASURE,
            Outcome.DONE,
        ): "Data anda sedang dipadamkan. Salinan terakhir dalam sandaran kami akan hilang dalam masa 29 hari.",
        (Kind.ACCESS, Outcome.DONE): "Kami telah menghantar salinan semua data yang kami simpan tentang anda.",
        (Kind.CORRECTION, Outcome.DONE): "Terima kasih, kami telah membetulkannya.",
        (Kind.OBJECTION, Outcome.DONE): "Anda tidak akan menerima pemasaran lagi daripada kami.",
        (Kind.RESTRICTION, Outcome.DONE): "Kami menyimpan data anda tetapi tidak menggunakannya.",
        (Kind.OTHER, Outcome.REFUSED): "Kami tidak dapat memenuhi permintaan anda: {reason}. Anda boleh membuat aduan"
        " kepada pihak berkuasa perlindungan data atau pergi ke mahkamah.",
    },
    "es": {
        (Kind.ERASURE, Outcome.DONE): "Tus datos se están borrando. La última copia de seguridad desaparece en 29 días"
        " como máximo.",
        (Kind.ACCESS, Outcome.DONE): "Te hemos enviado una copia de todo lo que tenemos sobre ti.",
        (Kind.CORRECTION, Outcome.DONE): "Gracias, lo hemos corregido.",
        (Kind.OBJECTION, Outcome.DONE): "No recibirás más publicidad nuestra.",
        (Kind.RESTRICTION, Outcome.DONE): "Conservamos tus datos, pero no hacemos nada con ellos.",
        (Kind.OTHER, Outcome.REFUSED): "No podemos hacer lo que pides: {reason}. Puedes reclamar ante tu autoridad de"
        " protección de datos o acudir a los tribunales.",
    },
    "pt": {
        (
            Kind.ERASURE,
            Outcome.DONE,
        ): "Seus dados estão sendo excluídos. A última cópia de segurança desaparece em até 29 dias.",
        (Kind.ACCESS, Outcome.DONE): "Enviamos a você uma cópia de tudo o que temos sobre você.",
        (Kind.CORRECTION, Outcome.DONE): "Obrigado, nós corrigimos.",
        (Kind.OBJECTION, Outcome.DONE): "Você não receberá mais publicidade nossa.",
        (Kind.RESTRICTION, Outcome.DONE): "Guardamos seus dados, mas não fazemos nada com eles.",
        (Kind.OTHER, Outcome.REFUSED): "Não podemos atender ao seu pedido: {reason}. Você pode reclamar à autoridade de"
        " proteção de dados ou recorrer à justiça.",
    },
    "ar": {
        (Kind.ERASURE, Outcome.DONE): "يجري حذف بياناتك. تزول آخر نسخة احتياطية خلال 29 يومًا على الأكثر.",
        (Kind.ACCESS, Outcome.DONE): "أرسلنا إليك نسخة من كل ما نحتفظ به عنك.",
        (Kind.CORRECTION, Outcome.DONE): "شكرًا لك، لقد صححنا ذلك.",
        (Kind.OBJECTION, Outcome.DONE): "لن يصلك منا أي تسويق بعد الآن.",
        (Kind.RESTRICTION, Outcome.DONE): "نحتفظ ببياناتك ولا نفعل بها شيئًا.",
        (Kind.OTHER, Outcome.REFUSED): "لا يمكننا تنفيذ ما طلبته: {reason}. يمكنك التقدم بشكوى إلى هيئة حماية البيانات"
        " أو اللجوء إلى القضاء.",
    },
}

# The status page. {by} is a day; what was asked is one of the words under "kinds".
STATUS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Your request about your data",
        "asked": "What was asked",
        "opened": "Received on",
        "stands": "Where it stands",
        "by": "Answered by",
        "next": "What comes next",
        "reference": "Reference",
        "open": "It is being worked on.",
        "unproven": "We wait for a sign that it is you.",
        "late": "It is late. It should have been answered by now, and whoever has to answer has been told.",
        "extended": "It takes longer than usual: it was extended once.",
        "done": "It is done.",
        "partly": "It is done in part.",
        "refused": "It was refused.",
        "withdrawn": "It is no longer wanted.",
        "next_open": "You do not need to do anything. Keep this page's address, and look again whenever you like.",
        "next_unproven": "Follow what we wrote to you, so that nobody else can ask in your name.",
        "next_closed": "If you do not agree, you may complain to your data protection authority or go to court.",
        "private": "This page shows nothing of your data. Whoever has its address can see it.",
    },
    "ms": {
        "title": "Permintaan anda tentang data anda",
        "asked": "Apa yang diminta",
        "opened": "Diterima pada",
        "stands": "Keadaannya sekarang",
        "by": "Dijawab sebelum",
        "next": "Apa seterusnya",
        "reference": "Rujukan",
        "open": "Ia sedang diuruskan.",
        "unproven": "Kami menunggu bukti bahawa anda yang memintanya.",
        "late": "Ia lewat. Ia sepatutnya sudah dijawab, dan pihak yang perlu menjawab telah diberitahu.",
        "extended": "Ia mengambil masa lebih lama: tempohnya dilanjutkan sekali.",
        "done": "Ia sudah selesai.",
        "partly": "Sebahagiannya sudah selesai.",
        "refused": "Ia ditolak.",
        "withdrawn": "Ia tidak lagi dikehendaki.",
        "next_open": "Anda tidak perlu berbuat apa-apa. Simpan alamat halaman ini dan lihat semula bila-bila masa.",
        "next_unproven": "Ikut apa yang kami tulis kepada anda, supaya orang lain tidak boleh meminta atas nama anda.",
        "next_closed": "Jika anda tidak bersetuju, anda boleh mengadu kepada pihak berkuasa perlindungan data atau pergi"
        " ke mahkamah.",
        "private": "Halaman ini tidak menunjukkan data anda. Sesiapa yang ada alamatnya boleh melihatnya.",
    },
    "es": {
        "title": "Tu solicitud sobre tus datos",
        "asked": "Qué se pidió",
        "opened": "Recibida el",
        "stands": "Cómo va",
        "by": "Respuesta antes del",
        "next": "Qué viene ahora",
        "reference": "Referencia",
        "open": "Se está trabajando en ella.",
        "unproven": "Esperamos una señal de que eres tú.",
        "late": "Va con retraso. Ya debería tener respuesta, y se ha avisado a quien tiene que darla.",
        "extended": "Tarda más de lo habitual: el plazo se amplió una vez.",
        "done": "Está hecho.",
        "partly": "Está hecho en parte.",
        "refused": "Se denegó.",
        "withdrawn": "Ya no se quiere.",
        "next_open": "No tienes que hacer nada. Guarda la dirección de esta página y vuelve cuando quieras.",
        "next_unproven": "Sigue lo que te escribimos, para que nadie pueda pedir en tu nombre.",
        "next_closed": "Si no estás de acuerdo, puedes reclamar ante tu autoridad de protección de datos o acudir a los"
        " tribunales.",
        "private": "Esta página no muestra nada de tus datos. Quien tenga su dirección puede verla.",
    },
    "pt": {
        "title": "Seu pedido sobre seus dados",
        "asked": "O que foi pedido",
        "opened": "Recebido em",
        "stands": "Como está",
        "by": "Resposta até",
        "next": "O que vem agora",
        "reference": "Referência",
        "open": "Está sendo tratado.",
        "unproven": "Esperamos um sinal de que é você.",
        "late": "Está atrasado. Já deveria ter sido respondido, e quem tem de responder foi avisado.",
        "extended": "Leva mais tempo que o normal: o prazo foi ampliado uma vez.",
        "done": "Está feito.",
        "partly": "Está feito em parte.",
        "refused": "Foi recusado.",
        "withdrawn": "Não é mais desejado.",
        "next_open": "Você não precisa fazer nada. Guarde o endereço desta página e volte quando quiser.",
        "next_unproven": "Siga o que escrevemos a você, para que ninguém possa pedir em seu nome.",
        "next_closed": "Se não concordar, você pode reclamar à autoridade de proteção de dados ou recorrer à justiça.",
        "private": "Esta página não mostra nada dos seus dados. Quem tem o endereço pode vê-la.",
    },
    "ar": {
        "title": "طلبك بشأن بياناتك",
        "asked": "ما طُلب",
        "opened": "تاريخ الاستلام",
        "stands": "الحالة الآن",
        "by": "الإجابة قبل",
        "next": "ما التالي",
        "reference": "المرجع",
        "open": "العمل جارٍ عليه.",
        "unproven": "ننتظر ما يثبت أنك صاحب الطلب.",
        "late": "لقد تأخر. كان ينبغي أن يُجاب عليه، وأُبلغ من عليه الإجابة.",
        "extended": "يستغرق وقتًا أطول من المعتاد: مُدّدت المهلة مرة واحدة.",
        "done": "تم.",
        "partly": "تم جزئيًا.",
        "refused": "رُفض.",
        "withdrawn": "لم يعد مطلوبًا.",
        "next_open": "لا يلزمك فعل شيء. احتفظ بعنوان هذه الصفحة وعُد إليها متى شئت.",
        "next_unproven": "اتبع ما كتبناه إليك حتى لا يطلب أحد باسمك.",
        "next_closed": "إن لم توافق، يمكنك التقدم بشكوى إلى هيئة حماية البيانات أو اللجوء إلى القضاء.",
        "private": "لا تعرض هذه الصفحة شيئًا من بياناتك. كل من لديه عنوانها يمكنه رؤيتها.",
    },
}

KINDS: dict[str, dict[str, str]] = {
    "en": {
        "access": "To see the data",
        "correction": "To correct the data",
        "erasure": "To delete the data",
        "export": "To take the data along",
        "restriction": "To do nothing with the data",
        "objection": "To send no marketing",
        "withdrawal": "To take a consent back",
        "child": "A child's data was reported",
        "other": "Something else about the data",
    },
    "ms": {
        "access": "Melihat data",
        "correction": "Membetulkan data",
        "erasure": "Memadamkan data",
        "export": "Membawa data",
        "restriction": "Tidak menggunakan data",
        "objection": "Tiada pemasaran",
        "withdrawal": "Menarik balik persetujuan",
        "child": "Data kanak-kanak dilaporkan",
        "other": "Perkara lain tentang data",
    },
    "es": {
        "access": "Ver los datos",
        "correction": "Corregir los datos",
        "erasure": "Borrar los datos",
        "export": "Llevarse los datos",
        "restriction": "No hacer nada con los datos",
        "objection": "No enviar publicidad",
        "withdrawal": "Retirar un consentimiento",
        "child": "Aviso sobre datos de un menor",
        "other": "Otra cosa sobre los datos",
    },
    "pt": {
        "access": "Ver os dados",
        "correction": "Corrigir os dados",
        "erasure": "Excluir os dados",
        "export": "Levar os dados",
        "restriction": "Não fazer nada com os dados",
        "objection": "Não enviar publicidade",
        "withdrawal": "Retirar um consentimento",
        "child": "Aviso sobre dados de uma criança",
        "other": "Outra coisa sobre os dados",
    },
    "ar": {
        "access": "الاطلاع على البيانات",
        "correction": "تصحيح البيانات",
        "erasure": "حذف البيانات",
        "export": "أخذ نسخة من البيانات",
        "restriction": "عدم استخدام البيانات",
        "objection": "عدم إرسال التسويق",
        "withdrawal": "سحب الموافقة",
        "child": "بلاغ عن بيانات طفل",
        "other": "أمر آخر بشأن البيانات",
    },
}

# The automatic answer to a mail. {link} leads to the status page; {code} is a word to send in WhatsApp.
MAIL: dict[str, dict[str, str]] = {
    "en": {
        "subject": "We got your request ({reference})",
        "heard": "We got your mail and opened a request. You get an answer by {by}.\n\nSee how it goes:\n{link}\n",
        "prove_contact": "Anybody can write a mail in your name, so nothing is done on a mail alone. To show that it is you,"
        " send this word to the company in WhatsApp, from your own number:\n\n{code}\n",
        "prove_member": "Anybody can write a mail in your name, so nothing is done on a mail alone. If you have an account"
        " here, sign in and confirm the request:\n{account}\n",
        "prove_other": "Anybody can write a mail in your name, so nothing is done on a mail alone. If it is about a company"
        " that writes to you in WhatsApp, tell us its name, or write “delete me” or “my data” to it in WhatsApp: that"
        " is the quickest way.\n",
        "not_you": "If you did not write to us, do nothing: nothing happens.",
    },
    "ms": {
        "subject": "Kami telah menerima permintaan anda ({reference})",
        "heard": "Kami telah menerima e-mel anda dan membuka permintaan. Anda akan mendapat jawapan sebelum {by}.\n\nLihat"
        " perkembangannya:\n{link}\n",
        "prove_contact": "Sesiapa sahaja boleh menulis e-mel atas nama anda, jadi tiada apa-apa dibuat berdasarkan e-mel"
        " sahaja. Untuk menunjukkan bahawa itu anda, hantar perkataan ini kepada syarikat di WhatsApp dari nombor anda"
        " sendiri:\n\n{code}\n",
        "prove_member": "Sesiapa sahaja boleh menulis e-mel atas nama anda, jadi tiada apa-apa dibuat berdasarkan e-mel"
        " sahaja. Jika anda ada akaun di sini, log masuk dan sahkan permintaan itu:\n{account}\n",
        "prove_other": "Sesiapa sahaja boleh menulis e-mel atas nama anda, jadi tiada apa-apa dibuat berdasarkan e-mel"
        " sahaja. Jika ia tentang syarikat yang menulis kepada anda di WhatsApp, beritahu kami namanya, atau tulis"
        " “padam saya” atau “data saya” kepadanya di WhatsApp: itu cara paling cepat.\n",
        "not_you": "Jika anda tidak menulis kepada kami, abaikan sahaja: tiada apa-apa berlaku.",
    },
    "es": {
        "subject": "Hemos recibido tu solicitud ({reference})",
        "heard": "Hemos recibido tu correo y abierto una solicitud. Tendrás una respuesta antes del {by}.\n\nMira cómo"
        " va:\n{link}\n",
        "prove_contact": "Cualquiera puede escribir un correo en tu nombre, así que no se hace nada solo con un correo. Para"
        " mostrar que eres tú, envía esta palabra a la empresa por WhatsApp, desde tu propio número:\n\n{code}\n",
        "prove_member": "Cualquiera puede escribir un correo en tu nombre, así que no se hace nada solo con un correo. Si"
        " tienes una cuenta aquí, inicia sesión y confirma la solicitud:\n{account}\n",
        "prove_other": "Cualquiera puede escribir un correo en tu nombre, así que no se hace nada solo con un correo. Si se"
        " trata de una empresa que te escribe por WhatsApp, dinos su nombre, o escríbele «bórrame» o «mis datos» por"
        " WhatsApp: es lo más rápido.\n",
        "not_you": "Si no nos has escrito, no hagas nada: no pasará nada.",
    },
    "pt": {
        "subject": "Recebemos seu pedido ({reference})",
        "heard": "Recebemos seu e-mail e abrimos um pedido. Você terá uma resposta até {by}.\n\nVeja o andamento:\n{link}\n",
        "prove_contact": "Qualquer pessoa pode escrever um e-mail em seu nome, por isso nada é feito só com um e-mail. Para"
        " mostrar que é você, envie esta palavra à empresa no WhatsApp, do seu próprio número:\n\n{code}\n",
        "prove_member": "Qualquer pessoa pode escrever um e-mail em seu nome, por isso nada é feito só com um e-mail. Se"
        " você tem uma conta aqui, entre e confirme o pedido:\n{account}\n",
        "prove_other": "Qualquer pessoa pode escrever um e-mail em seu nome, por isso nada é feito só com um e-mail. Se for"
        " sobre uma empresa que escreve a você no WhatsApp, diga-nos o nome dela, ou escreva “apague meus dados” ou"
        " “meus dados” a ela no WhatsApp: é o jeito mais rápido.\n",
        "not_you": "Se você não nos escreveu, não faça nada: nada acontece.",
    },
    "ar": {
        "subject": "تلقّينا طلبك ({reference})",
        "heard": "تلقّينا رسالتك وفتحنا طلبًا. ستصلك إجابة قبل {by}.\n\nتابع الطلب:\n{link}\n",
        "prove_contact": "يمكن لأي شخص أن يكتب رسالة باسمك، لذلك لا يُنفَّذ شيء بناءً على رسالة بريد وحدها. لإثبات أنك صاحب"
        " الطلب، أرسل هذه الكلمة إلى الشركة على واتساب من رقمك:\n\n{code}\n",
        "prove_member": "يمكن لأي شخص أن يكتب رسالة باسمك، لذلك لا يُنفَّذ شيء بناءً على رسالة بريد وحدها. إن كان لديك حساب"
        " هنا، فسجّل الدخول وأكّد الطلب:\n{account}\n",
        "prove_other": "يمكن لأي شخص أن يكتب رسالة باسمك، لذلك لا يُنفَّذ شيء بناءً على رسالة بريد وحدها. إن كان الأمر يخص"
        " شركة تراسلك على واتساب، فأخبرنا باسمها، أو اكتب لها «احذفني» أو «بياناتي» على واتساب: هذه أسرع طريقة.\n",
        "not_you": "إن لم تكن قد كتبت إلينا، فلا تفعل شيئًا: لن يحدث شيء.",
    },
}


def spoken(language: str) -> str:
    """Return the language in which we speak to somebody: theirs where it is one of ours, else English."""
    short = language.lower().split("-")[0].split("_")[0]
    return short if short in LANGUAGES else "en"


def heard(kind: Kind, language: str, *, company: str, link: str, days: int) -> str:
    """Return the answer in a conversation to a request."""
    texts = HEARD[spoken(language)]
    return texts.get(kind, texts[Kind.ACCESS]).format(company=company, link=link, days=days)


def suggestion(kind: str, outcome: str, language: str, *, reason: str = "") -> str:
    """Return a text by which a member may answer, empty where there is none."""
    texts = ANSWERS[spoken(language)]
    if outcome == Outcome.REFUSED:
        return texts[Kind.OTHER, Outcome.REFUSED].format(reason=reason)
    known = Kind.ACCESS if kind == Kind.EXPORT else Kind.OBJECTION if kind == Kind.WITHDRAWAL else Kind(kind)
    return texts.get((known, Outcome(outcome)), "")
