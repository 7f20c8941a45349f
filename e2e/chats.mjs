// Five conversations as people have them, one in each language: upset, asked back, then asking for a person.

/** upset is the first message, human the wish for a person, thanks what is said in the end; button is the launcher's place. */
export const chats = [
  { locale: "en-GB", language: "en", upset: "this is the THIRD time my parcel did not come, this is a joke!!", human: "just get me a real person please", reply: "I am so sorry. I am sending a new parcel today." },
  { locale: "hu-HU", language: "hu", upset: "harmadszorra sem jött meg a csomagom, ez már felháborító!!", human: "adjanak egy élő ügyintézőt", reply: "Nagyon sajnálom. Ma új csomagot indítok." },
  { locale: "sl-SI", language: "sl", upset: "že tretjič ni paketa, to je pa res sramota!!", human: "hočem govoriti s človekom", reply: "Zelo mi je žal. Danes pošljem nov paket." },
  { locale: "fr-FR", language: "fr", upset: "troisième fois que mon colis n'arrive pas, c'est une honte !!", human: "je veux parler à un conseiller", reply: "Je suis désolée. J'envoie un nouveau colis aujourd'hui." },
  { locale: "zh-CN", language: "zh", upset: "包裹已经第三次没送到了，你们太过分了！！", human: "转人工", reply: "非常抱歉，我今天就重新寄出一个包裹。" },
];
