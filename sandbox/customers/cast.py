"""The people who write to a flower and gift shop in Kuala Lumpur: fourteen with a story, eleven who pass by."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.customers.lines import (
    Say,
    card,
    correct,
    forwarded,
    from_advertisement,
    move_to,
    paper,
    picture,
    place,
    poll,
    quote,
    react,
    sticker,
    take_back,
    voice,
)


@dataclass(frozen=True, slots=True)
class Role:
    """One customer of the cast. `opening` was written `minutes_ago`; `answers` follow what agents write, one by one;
    `later` comes by itself. Without `phone` the person is known by user id only."""

    id: str
    name: str
    language: str
    phone: str | None
    country: str
    minutes_ago: int
    opening: Sequence[Say]
    answers: Sequence[Say] = ()
    later: Sequence[Say] = ()
    username: str | None = None
    shows_phone: bool = True


LEADS: tuple[Role, ...] = (
    Role(
        "aisyah",
        "Aisyah Rahman",
        "ms",
        "60115550482",
        "MY",
        6,
        [
            Say("Assalamualaikum, saya nak tempah jambangan untuk konvo adik saya 🎓"),
            Say("Hari Sabtu ni, di UM. Bajet dalam RM120. Ada warna ungu tak?"),
        ],
        [
            Say("Cantik! Boleh tambah bear kecil sekali?"),
            Say("Ok, saya ambil yang itu. Nak hantar pukul 10 pagi boleh?"),
            place(3.1209, 101.6538, "Dewan Tunku Canselor", "Universiti Malaya, Kuala Lumpur"),
            Say("Terima kasih banyak! Saya transfer sekarang 🙏"),
        ],
        [Say('Kalau boleh tulis kad: "Tahniah Adik, kami bangga!" 💜')],
    ),
    Role(
        "daniel",
        "Daniel Whitcombe",
        "en",
        "447700900314",
        "GB",
        14,
        [
            Say("Hi, order TX-2291 should have been here by noon. It's my wife's birthday and nothing has come yet."),
            Say('The tracking page still says "being prepared"...'),
        ],
        [
            Say("Right. How long roughly? We're leaving for dinner at 6."),
            place(51.5136, -0.1365, "Reception, 2nd floor", "Soho Square, London"),
            Say("If the courier rings reception they'll let him up."),
            react("👍"),
            Say("It's here. She loves it. Thank you for sorting it out so quickly."),
        ],
        [Say("Any news on TX-2291?")],
    ),
    Role(
        "lucia",
        "Lucía Fernández",
        "es",
        "34600555271",
        "ES",
        23,
        [
            Say("Buenas tardes. El ramo ha llegado con varias rosas marchitas 😕"),
            picture("Así han llegado", seed=3),
        ],
        [
            Say("El pedido es el 88.412, a nombre de Lucía Fernández."),
            Say("Prefiero que me envíen otro, es para el aniversario de mis padres mañana."),
            quote("Perfecto, mañana antes de las 12 estaría genial."),
            Say("Gracias por la rapidez, así da gusto 💐"),
        ],
        [picture("Otra foto, por si ayuda", seed=4)],
    ),
    Role(
        "joao",
        "João Pedro Alves",
        "pt",
        "553155550147",
        "BR",
        31,
        [
            Say("Oi! Vi que vocês fazem oficina de arranjos. Ainda tem vaga para o dia 12?"),
            Say("Seríamos duas pessoas, eu e minha namorada 😊"),
        ],
        [
            Say("Maravilha. Qual o valor por pessoa e o que está incluído?"),
            Say("Pode reservar então: João Pedro e Camila, dia 12 às 15h."),
            Say("Posso pagar na hora com cartão?"),
            Say("Combinado, até lá! 🌻"),
        ],
    ),
    Role(
        "layla",
        "ليلى حداد",
        "ar",
        "971505550182",
        "AE",
        38,
        [
            Say("السلام عليكم، أريد طلب باقة ورد أبيض لحفل خطوبة يوم الخميس"),
            Say("كم سعر الباقة الكبيرة مع التوصيل إلى دبي مارينا؟"),
        ],
        [
            Say("ممتاز، هل يمكن إضافة شوكولاتة فاخرة؟ 🍫"),
            Say("العنوان: برج الأميرة، شقة 4105، دبي مارينا"),
            Say("شكراً جزيلاً، خدمة رائعة ⭐️"),
        ],
        [Say("هل التوصيل متاح الساعة 7 مساءً؟")],
    ),
    Role(
        "meiling",
        "Mei Ling Tan",
        "en",
        "6585550163",
        "SG",
        47,
        [
            Say("Hello, I have a standing order every Friday for the office. Can we switch to sunflowers this month?"),
        ],
        [
            Say("Great. By the way I'm getting a new number tomorrow, same person though!"),
            move_to("6585550937"),
            Say("Hi, it's Mei Ling, this is my new number. Please keep the Friday order on it."),
            Say("Thank you, talk next week 🌻"),
        ],
    ),
    Role(
        "noor",
        "Noor",
        "en",
        None,
        "MY",
        52,
        [
            Say("hi!! do you do dried flowers too? saw them on your story"),
            Say("the beige ones, with pampas 🌾"),
        ],
        [
            Say("omg yes that one"),
            Say("can i pick up? i don't really give out my number haha"),
            react("❤️"),
            Say("cool, see you around 5"),
        ],
        username="noor.blooms",
        shows_phone=False,
    ),
    Role(
        "carlos",
        "Carlos Méndez",
        "es",
        "5215555550129",
        "MX",
        64,
        [voice(4), Say("Perdón por el audio, voy manejando. ¿Cuánto sale un arreglo para escritorio?")],
        [
            Say("Ok, y ¿me pueden facturar? Es para la oficina."),
            paper("constancia-fiscal.pdf"),
            Say("Listo, quedo al pendiente. Gracias 👌"),
        ],
        [voice(2)],
    ),
    Role(
        "grace",
        "Grace Okafor",
        "en",
        "2348035550176",
        "NG",
        83,
        [
            Say("Good afternoon. I live in Lagos but would like to send flowers to my sister in KL."),
            card("Ngozi Okafor", "+60 11-5550 6634"),
            Say("That's her contact. She must not know who it's from 🤫"),
        ],
        [
            Say("Something bright please, around 200 ringgit."),
            Say("Can I pay by card from Nigeria?"),
            Say("Paid. Please send me a photo when it's delivered!"),
            react("🎉"),
        ],
    ),
    Role(
        "tomas",
        "Tomás",
        "es",
        None,
        "PE",
        96,
        [Say("hola, ¿tienen tulipanes?"), Say("amarillos de preferencia")],
        [Say("¿y si los quiero para hoy?"), Say("ya, gracias igual"), quote("mejor mañana entonces, 12 tulipanes")],
        shows_phone=False,
    ),
    Role(
        "priya",
        "Priya Nair",
        "en",
        "60125550715",
        "MY",
        118,
        [
            Say("Hi there, I'd like to book the Saturday workshop for my team. We're 8 people."),
            Say("Do you have morning and afternoon slots?"),
        ],
        [
            Say("Morning works better. Is there parking nearby?"),
            Say("Perfect. Two of us are allergic to lilies, hope that's fine?"),
            Say("Brilliant, please send the invoice to me here 😊"),
        ],
        [Say("Oh and one vegetarian lunch please, if lunch is included")],
    ),
    Role(
        "oliver",
        "Oliver Brandt",
        "en",
        "4915755550138",
        "DE",
        176,
        [
            Say("Dear team, we need 40 small table arrangements for a conference on the 21st."),
            Say("Could you send an offer for 30 pieces, white and green only?"),
            correct("Could you send an offer for 40 pieces, white and green only?"),
        ],
        [
            Say("Thank you for the quick reply. Is set-up on site included?"),
            paper("floor-plan.pdf"),
            Say("Understood. I will confirm after talking to the organisers."),
        ],
    ),
    Role(
        "khadijah",
        "Siti Khadijah",
        "ms",
        "60135550928",
        "MY",
        410,
        [
            Say("Salam, kami satu ofis tengah pilih bunga untuk farewell bos 😄"),
            poll(),
            sticker(),
        ],
        [
            Say("Oh tak boleh tengok ye? Kami pilih pilihan B, bunga matahari 🌻"),
            Say("Boleh hantar Jumaat sebelum pukul 4?"),
            Say("Ok set! Terima kasih kak 🥰"),
        ],
    ),
    Role(
        "beatriz",
        "Beatriz Rocha 🌷",
        "pt",
        "351912555064",
        "PT",
        1130,
        [
            from_advertisement("Olá! Vi o anúncio das flores no próprio dia 🌷"),
            Say("Entregam também em Petaling Jaya? 📍 É surpresa para a minha mãe 🥹"),
        ],
        [
            Say("Que bom!! 😍😍 Quero o ramo do anúncio então"),
            forwarded("Rua 17/21, Secção 17, 46400 Petaling Jaya"),
            react("🙏"),
            Say("Já paguei ✅ obrigadaaa 💛💛"),
        ],
    ),
)

WALK_ONS: tuple[Role, ...] = (
    Role("jamal", "Jamal Edwards", "en", "12025550177", "US", 3,
         [Say("I was charged twice for the same bouquet, $64 both times"), Say("wrong screenshot"), take_back()],
         [Say("Order 5521. Card ending 1188."), Say("Appreciate it, I'll watch for the refund.")]),
    Role("hafiz", "Hafiz Zulkifli", "ms", "60145550396", "MY", 10,
         [Say("Kedai buka sampai pukul berapa hari ni?")], [Say("Ok otw 👍")]),
    Role("emma", "Emma Clarke", "en", "447700900562", "GB", 27,
         [Say("Do you deliver to hospitals? Ward 7 at the General, visiting is 2 to 4.")],
         [Say("Lovely, something without strong scent please.")]),
    Role("fatimah", "فاطمة الزهراء", "ar", "966505550241", "SA", 44,
         [Say("مرحبا، هل لديكم ورد جوري أحمر؟ 🌹")], [Say("تمام، أريد 50 وردة")]),
    Role("diego", "Diego Ramírez", "es", "573005550133", "CO", 71,
         [Say("Buenas, ¿hacen envíos internacionales?")], [Say("Entiendo, gracias 🙌")]),
    Role("weijie", "Wei Jie Lim", "en", "60165550853", "MY", 89,
         [Say("boss, the balloon bouquet still got stock?"), Say("need 2 by 5pm 🎈🎈")], [Say("steady, coming now")]),
    Role("ana", "Ana Beatriz Souza", "pt", "5511955550119", "BR", 133,
         [Say("Boa tarde! Qual o prazo para coroa de flores?")], [Say("Obrigada pela atenção.")]),
    Role("kofi", "Kofi Mensah", "en", "233245550154", "GH", 205,
         [Say("Please what is the price of the orchid in the second picture?")], [Say("Okay noted, thanks 🙏")]),
    Role("sofia", "Sofía Castro", "es", "5491155550168", "AR", 290,
         [Say("Hola! ¿Puedo cambiar la dirección de un pedido que sale mañana?")],
         [Say("Es a la vuelta: Av. Corrientes 1450, 3° B"), Say("Genia/o, gracias!")]),
    Role("hannah", "Hannah Novak", "en", "12025550192", "US", 640,
         [Say("Just wanted to say the arrangement last week was stunning. Everybody asked about it ❤️")],
         [react("❤️")]),
    Role("rizal", "Rizal Hakim", "ms", "60175550264", "MY", 1290,
         [Say("Nak tanya pasal langganan bunga mingguan untuk lobi hotel. Ada pakej korporat?")],
         [Say("Boleh emel sebut harga? rizal@example.com"), Say("Terima kasih, nanti saya bincang dengan bos.")]),
)  # fmt: skip

CAST: tuple[Role, ...] = LEADS + WALK_ONS

SMALL_TALK: dict[str, tuple[str, ...]] = {
    "en": ("Thanks!", "Okay, got it.", "Sounds good 👍", "Let me check and come back to you.", "Perfect, thank you."),
    "ms": ("Baik, terima kasih!", "Ok noted 👍", "Boleh, nanti saya bagitahu.", "Terima kasih banyak 🙏"),
    "es": ("¡Gracias!", "Vale, perfecto.", "De acuerdo 👍", "Lo consulto y les digo."),
    "pt": ("Obrigado!", "Perfeito 👍", "Combinado.", "Vou ver e já aviso."),
    "ar": ("شكراً لكم", "تمام 👍", "حسناً، سأخبركم لاحقاً", "ممتاز"),
}
NEW_TOPICS: dict[str, tuple[str, ...]] = {
    "en": (
        "Hi again! Do you have gift cards?",
        "Are you open on public holidays?",
        "Can I change the card message on my order?",
    ),
    "ms": ("Hai, ada promosi minggu ni tak?", "Boleh tukar waktu penghantaran?", "Kedai buka hari Ahad?"),
    "es": ("Hola de nuevo, ¿abren los domingos?", "¿Tienen tarjetas de regalo?", "¿Puedo añadir una nota al pedido?"),
    "pt": ("Oi de novo! Vocês abrem no domingo?", "Têm vale-presente?", "Posso mudar o horário da entrega?"),
    "ar": ("مرحبا مجدداً، هل تعملون يوم الجمعة؟", "هل لديكم بطاقات هدايا؟", "هل يمكن تغيير موعد التوصيل؟"),
}
NUDGES: dict[str, tuple[str, ...]] = {
    "en": ("Hello?", "Are you still there?", "Any update on this?"),
    "ms": ("Hai, ada sesiapa?", "Macam mana ye?", "Masih menunggu ni 😅"),
    "es": ("¿Hola?", "¿Siguen ahí?", "¿Alguna novedad?"),
    "pt": ("Olá?", "Ainda estão por aí?", "Alguma novidade?"),
    "ar": ("مرحبا؟", "هل من جديد؟", "ما زلت أنتظر"),
}
