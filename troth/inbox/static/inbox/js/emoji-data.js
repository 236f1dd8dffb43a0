// Emoji with the names that Unicode gives them, by which they are found. One a line: the emoji, then its names.
// Made of the Unicode Character Database.
const WRITTEN = {
  "Faces": `😀 grinning face
😁 grinning face with smiling eyes
😂 face with tears of joy laugh lol
😃 smiling face with open mouth
😄 smiling face with open mouth and smiling eyes
😅 smiling face with open mouth and cold sweat
😆 smiling face with open mouth and tightly-closed eyes
😇 smiling face with halo
😈 smiling face with horns
😉 winking face
😊 smiling face with smiling eyes
😋 face savouring delicious food
😌 relieved face
😍 smiling face with heart-shaped eyes
😎 smiling face with sunglasses
😏 smirking face
😐 neutral face
😑 expressionless face
😒 unamused face
😓 face with cold sweat
😔 pensive face
😕 confused face
😖 confounded face
😗 kissing face
😘 face throwing a kiss
😙 kissing face with smiling eyes
😚 kissing face with closed eyes
😛 face with stuck-out tongue
😜 face with stuck-out tongue and winking eye
😝 face with stuck-out tongue and tightly-closed eyes
😞 disappointed face
😟 worried face
😠 angry face
😡 pouting face
😢 crying face sad
😣 persevering face
😤 face with look of triumph
😥 disappointed but relieved face
😦 frowning face with open mouth
😧 anguished face
😨 fearful face
😩 weary face
😪 sleepy face
😫 tired face
😬 grimacing face
😭 loudly crying face
😮 face with open mouth wow surprise
😯 hushed face
😰 face with open mouth and cold sweat
😱 face screaming in fear
😲 astonished face
😳 flushed face
😴 sleeping face
😵 dizzy face
😶 face without mouth
😷 face with medical mask
😸 grinning cat face with smiling eyes
😹 cat face with tears of joy
😺 smiling cat face with open mouth
😻 smiling cat face with heart-shaped eyes
😼 cat face with wry smile
😽 kissing cat face with closed eyes
😾 pouting cat face
😿 crying cat face
🙀 weary cat face
🙁 slightly frowning face
🙂 slightly smiling face
🙃 upside-down face
🙄 face with rolling eyes
🤐 zipper-mouth face
🤑 money-mouth face
🤒 face with thermometer
🤓 nerd face
🤔 thinking face
🤕 face with head-bandage
🤖 robot face
🤗 hugging face
🤠 face with cowboy hat
🤡 clown face
🤢 nauseated face
🤣 rolling on the floor laughing
🤤 drooling face
🤥 lying face
🤧 sneezing face
🤨 face with one eyebrow raised
🤩 grinning face with star eyes
🤪 grinning face with one large and one small eye
🤫 face with finger covering closed lips
🤬 serious face with symbols covering mouth
🤭 smiling face with smiling eyes and hand covering mouth
🤮 face with open mouth vomiting
🤯 shocked face with exploding head
🥰 smiling face with smiling eyes and three hearts
🥱 yawning face
🥲 smiling face with tear
🥳 face with party horn and party hat
🥴 face with uneven eyes and wavy mouth
🥵 overheated face
🥶 freezing face
🥺 face with pleading eyes
🥸 disguised face
🥹 face holding back tears
🧐 face with monocle
🫠 melting face
🫡 saluting face
🫢 face with open eyes and hand over mouth
🫣 face with peeking eye
🫤 face with diagonal mouth
🫥 dotted line face
🫦 biting lip
🫧 bubbles
🙈 see-no-evil monkey
🙉 hear-no-evil monkey
🙊 speak-no-evil monkey
💩 pile of poo
👻 ghost
💀 skull`,
  "People and hands": `👍 thumbs up sign yes ok like
👎 thumbs down sign
👌 ok hand sign okay
👏 clapping hands sign
🙌 person raising both hands in celebration
🙏 person with folded hands thanks please pray
🤝 handshake
👋 waving hand sign
🤚 raised back of hand
🖐️ raised hand with fingers splayed
✋ raised hand
🖖 raised hand with part between middle and ring fingers
🤌 pinched fingers
🤏 pinching hand
✌️ victory hand
🤞 hand with index and middle fingers crossed
🤟 i love you hand sign
🤘 sign of the horns
🤙 call me hand
👆 white up pointing backhand index
👇 white down pointing backhand index
👈 white left pointing backhand index
👉 white right pointing backhand index
☝️ white up pointing index
✊ raised fist
👊 fisted hand sign
🤛 left-facing fist
🤜 right-facing fist
👐 open hands sign
🤲 palms up together
✍️ writing hand
💅 nail polish
🤳 selfie
💪 flexed biceps
👂 ear
👃 nose
👀 eyes
👅 tongue
👄 mouth
👶 baby
👦 boy
👧 girl
👨 man
👩 woman
👴 older man
👵 older woman
🙅 face with no good gesture
🙆 face with ok gesture
🙇 person bowing deeply
🙋 happy person raising one hand
🙍 person frowning
🙎 person with pouting face
💁 information desk person
🤦 face palm
🤷 shrug
🚶 pedestrian
🏃 runner
💃 dancer
🕺 man dancing
👪 family
👫 man and woman holding hands
🫶 heart hands
🧑 adult`,
  "Animals and nature": `🐀 rat
🐁 mouse
🐂 ox
🐃 water buffalo
🐄 cow
🐅 tiger
🐆 leopard
🐇 rabbit
🐈 cat
🐉 dragon
🐊 crocodile
🐋 whale
🐌 snail
🐍 snake
🐎 horse
🐏 ram
🐐 goat
🐑 sheep
🐒 monkey
🐓 rooster
🐔 chicken
🐕 dog
🐖 pig
🐗 boar
🐘 elephant
🐙 octopus
🐚 spiral shell
🐛 bug
🐜 ant
🐝 honeybee
🐞 lady beetle
🐟 fish
🐠 tropical fish
🐡 blowfish
🐢 turtle
🐣 hatching chick
🐤 baby chick
🐥 front-facing baby chick
🐦 bird
🐧 penguin
🐨 koala
🐩 poodle
🐪 dromedary camel
🐫 bactrian camel
🐬 dolphin
🐭 mouse face
🐮 cow face
🐯 tiger face
🐰 rabbit face
🐱 cat face
🐲 dragon face
🐳 spouting whale
🐴 horse face
🐵 monkey face
🐶 dog face
🐷 pig face
🐸 frog face
🐹 hamster face
🐺 wolf face
🐻 bear face
🐼 panda face
🐽 pig nose
🐾 paw prints
🦀 crab
🦁 lion face
🦂 scorpion
🦃 turkey
🦄 unicorn face
🦅 eagle
🦆 duck
🦇 bat
🦈 shark
🦉 owl
🦊 fox face
🦋 butterfly
🦌 deer
🦍 gorilla
🦎 lizard
🦏 rhinoceros
🦐 shrimp
🦑 squid
🦒 giraffe face
🦓 zebra face
🦔 hedgehog
🦕 sauropod
🦖 t-rex
🦗 cricket
🦘 kangaroo
🦙 llama
🦚 peacock
🦛 hippopotamus
🦜 parrot
🦝 raccoon
🦞 lobster
🦟 mosquito
🦠 microbe
🦡 badger
🦢 swan
🌱 seedling
🌲 evergreen tree
🌳 deciduous tree
🌴 palm tree
🌵 cactus
🌷 tulip
🌸 cherry blossom
🌹 rose
🌺 hibiscus
🌻 sunflower
🌼 blossom
🌽 ear of maize
🌾 ear of rice
🌿 herb
🍀 four leaf clover
🍁 maple leaf
🍂 fallen leaf
🍃 leaf fluttering in wind
🍄 mushroom
💐 bouquet
🌈 rainbow
⭐ white medium star
🌟 glowing star
✨ sparkles
🌞 sun with face
🌙 crescent moon
☀️ black sun with rays
⛅ sun behind cloud
☁️ cloud
⛈️ thunder cloud and rain
❄️ snowflake
⛄ snowman without snow
🔥 fire
💧 droplet
🌊 water wave
🌍 earth globe europe-africa
🌎 earth globe americas
🌏 earth globe asia-australia`,
  "Food and drink": `🍅 tomato
🍆 aubergine
🍇 grapes
🍈 melon
🍉 watermelon
🍊 tangerine
🍋 lemon
🍌 banana
🍍 pineapple
🍎 red apple
🍏 green apple
🍐 pear
🍑 peach
🍒 cherries
🍓 strawberry
🍔 hamburger
🍕 slice of pizza
🍖 meat on bone
🍗 poultry leg
🍘 rice cracker
🍙 rice ball
🍚 cooked rice
🍛 curry and rice
🍜 steaming bowl
🍝 spaghetti
🍞 bread
🍟 french fries
🍠 roasted sweet potato
🍡 dango
🍢 oden
🍣 sushi
🍤 fried shrimp
🍥 fish cake with swirl design
🍦 soft ice cream
🍧 shaved ice
🍨 ice cream
🍩 doughnut
🍪 cookie
🍫 chocolate bar
🍬 candy
🍭 lollipop
🍮 custard
🍯 honey pot
🍰 shortcake
🍱 bento box
🍲 pot of food
🍳 cooking
🍴 fork and knife
🍵 teacup without handle
🍶 sake bottle and cup
🍷 wine glass
🍸 cocktail glass
🍹 tropical drink
🍺 beer mug
🍻 clinking beer mugs
🍼 baby bottle
🍽️ fork and knife with plate
🍾 bottle with popping cork
🍿 popcorn
🌭 hot dog
🌮 taco
🌯 burrito
🥐 croissant
🥑 avocado
🥒 cucumber
🥓 bacon
🥔 potato
🥕 carrot
🥖 baguette bread
🥗 green salad
🥘 shallow pan of food
🥙 stuffed flatbread
🥚 egg
🥛 glass of milk
🥜 peanuts
🥝 kiwifruit
🥞 pancakes
🥟 dumpling
🥠 fortune cookie
🥡 takeout box
🥢 chopsticks
🥣 bowl with spoon
🥤 cup with straw
🥥 coconut
🥦 broccoli
🥧 pie
🥨 pretzel
🥩 cut of meat
🥪 sandwich
🥫 canned food
🥬 leafy green
🥭 mango
🥮 moon cake
🥯 bagel
☕ hot beverage
🧁 cupcake
🧃 beverage box
🧉 mate drink
🧊 ice cube
🧋 bubble tea
🫖 teapot`,
  "Activities": `🎀 ribbon
🎁 wrapped present
🎂 birthday cake
🎃 jack-o-lantern
🎄 christmas tree
🎅 father christmas
🎆 fireworks
🎇 firework sparkler
🎈 balloon
🎉 party popper celebrate
🎊 confetti ball
🎋 tanabata tree
🎌 crossed flags
🎍 pine decoration
🎎 japanese dolls
🎏 carp streamer
🎓 graduation cap
🎖️ military medal
🎗️ reminder ribbon
🎟️ admission tickets
🎠 carousel horse
🎡 ferris wheel
🎢 roller coaster
🎣 fishing pole and fish
🎤 microphone
🎥 movie camera
🎦 cinema
🎧 headphone
🎨 artist palette
🎩 top hat
🎪 circus tent
🎫 ticket
🎬 clapper board
🎭 performing arts
🎮 video game
🎯 direct hit
🎰 slot machine
🎱 billiards
🎲 game die
🎳 bowling
🎴 flower playing cards
🎵 musical note
🎶 multiple musical notes
🎷 saxophone
🎸 guitar
🎹 musical keyboard
🎺 trumpet
🎻 violin
🎼 musical score
🎽 running shirt with sash
🎾 tennis racquet and ball
🎿 ski and ski boot
🏀 basketball and hoop
⚽ soccer ball
🏆 trophy
🏅 sports medal
🥇 first place medal
🥈 second place medal
🥉 third place medal
🏈 american football
🏉 rugby football
🏏 cricket bat and ball
🏐 volleyball
🏑 field hockey stick and ball
🏒 ice hockey stick and puck
🏓 table tennis paddle and ball
🏸 badminton racquet and shuttlecock
🧩 jigsaw puzzle piece`,
  "Places and travel": `🏔️ snow capped mountain
🏕️ camping
🏖️ beach with umbrella
🏗️ building construction
🏘️ house buildings
🏙️ cityscape
🏚️ derelict house building
🏛️ classical building
🏜️ desert
🏝️ desert island
🏞️ national park
🏟️ stadium
🏠 house building
🏡 house with garden
🏢 office building
🏣 japanese post office
🏤 european post office
🏥 hospital
🏦 bank
🏧 automated teller machine
🏨 hotel
🏩 love hotel
🏪 convenience store
🏫 school
🏬 department store
🏭 factory
🏮 izakaya lantern
🏯 japanese castle
🏰 european castle
🚀 rocket
🚁 helicopter
🚂 steam locomotive
🚃 railway car
🚄 high-speed train
🚅 high-speed train with bullet nose
🚆 train
🚇 metro
🚈 light rail
🚉 station
🚊 tram
🚋 tram car
🚌 bus
🚍 oncoming bus
🚎 trolleybus
🚏 bus stop
🚐 minibus
🚑 ambulance
🚒 fire engine
🚓 police car
🚔 oncoming police car
🚕 taxi
🚖 oncoming taxi
🚗 automobile
🚘 oncoming automobile
🚙 recreational vehicle
🚚 delivery truck
🚛 articulated lorry
🚜 tractor
🚝 monorail
🚞 mountain railway
🚟 suspension railway
🚠 mountain cableway
🚡 aerial tramway
🚢 ship
🚲 bicycle
🛒 shopping trolley
🛵 motor scooter
🛶 canoe
🛫 airplane departure
🛬 airplane arriving
✈️ airplane
⛵ sailboat
⛽ fuel pump
🗺️ world map
🗼 tokyo tower
🗽 statue of liberty
🕌 mosque
⛪ church`,
  "Things": `⌚ watch
📱 mobile phone
💻 personal computer
🖨️ printer
📷 camera
📹 video camera
📞 telephone receiver
☎️ black telephone
📺 television
⏰ alarm clock
⏳ hourglass with flowing sand
🔋 battery
💡 electric light bulb
🔦 electric torch
💰 money bag
💱 currency exchange
💲 heavy dollar sign
💳 credit card
💴 banknote with yen sign
💵 banknote with dollar sign
💶 banknote with euro sign
💷 banknote with pound sign
💸 money with wings
💹 chart with upwards trend and yen sign
📄 page facing up
📅 calendar
📆 tear-off calendar
📇 card index
📈 chart with upwards trend
📉 chart with downwards trend
📊 bar chart
📋 clipboard
📌 pushpin
📍 round pushpin
📎 paperclip
📏 straight ruler
📐 triangular ruler
📑 bookmark tabs
📒 ledger
📓 notebook
📔 notebook with decorative cover
📕 closed book
📖 open book
📗 green book
📘 blue book
📚 books
📛 name badge
📜 scroll
📝 memo
📠 fax machine
📡 satellite antenna
📢 public address loudspeaker
📣 cheering megaphone
📤 outbox tray
📥 inbox tray
📦 package
📬 open mailbox with raised flag
✉️ envelope
✏️ pencil
✂️ black scissors
🔍 left-pointing magnifying glass
🔑 key
🔒 lock
🔓 open lock
🔔 bell
🔕 bell with cancellation stroke
🔨 hammer
🛠️ hammer and wrench
🔧 wrench
⚙️ gear
🧰 toolbox
💊 pill
💉 syringe
🌡️ thermometer
🛋️ couch and lamp
🚿 shower
🛁 bathtub
🧴 lotion bottle
🧹 broom
👑 crown
👒 womans hat
👓 eyeglasses
👔 necktie
👕 t-shirt
👖 jeans
👗 dress
👘 kimono
👙 bikini
👚 womans clothes
👛 purse
👜 handbag
👝 pouch
👞 mans shoe
👟 athletic shoe
👠 high-heeled shoe
👡 womans sandal
👢 womans boots
💍 ring
💎 gem stone`,
  "Hearts and signs": `❤️ heavy black heart love red
🧡 orange heart
💚 green heart
💛 yellow heart
💜 purple heart
💙 blue heart
🖤 black heart
🤍 white heart
🤎 brown heart
💔 broken heart
❣️ heavy heart exclamation mark ornament
💓 beating heart
💕 two hearts
💖 sparkling heart
💗 growing heart
💘 heart with arrow
💝 heart with ribbon
💞 revolving hearts
💟 heart decoration
💋 kiss mark
💯 hundred points symbol
💢 anger symbol
💥 collision symbol
💫 dizzy symbol
💦 splashing sweat symbol
💤 sleeping symbol
💬 speech balloon
💭 thought balloon
✅ white heavy check mark done ok yes
✔️ heavy check mark
❌ cross mark
❎ negative squared cross mark
❗ heavy exclamation mark symbol
❓ black question mark ornament
➕ heavy plus sign
➖ heavy minus sign
⚠️ warning sign
🚫 no entry sign
⭕ heavy large circle
♻️ black universal recycling symbol
🔴 large red circle
🟠 large orange circle
🟡 large yellow circle
🟢 large green circle
🔵 large blue circle
🟣 large purple circle
⚫ medium black circle
⚪ medium white circle
⬅️ leftwards black arrow
➡️ black rightwards arrow
⬆️ upwards black arrow
⬇️ downwards black arrow
🆕 squared new
🆓 squared free
🆗 squared ok
🔝 top with upwards arrow above
🏁 chequered flag
🚩 triangular flag on post
🏳️ waving white flag
🏴 waving black flag`,
};

export const groups = Object.entries(WRITTEN).map(([name, lines]) => [
  name,
  lines.split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
]);
