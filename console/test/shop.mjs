// A shop's afternoon: the conversations that the fake server begins with, in the product's five languages.

const min = 60_000;

/** conversations gives them with times relative to `now`. Each line is [role, minutes ago, text] or an event. */
export function conversations(now) {
  const at = (m) => new Date(now - m * min).toISOString();
  return [
    {
      id: 'c-judit', visitor: { id: 'v-judit', name: 'Judit', email: 'judit@example.com', verified: true, attrs: { plan: 'Plus' } },
      language: 'hu', severity: 'high', level: 1, skill: 'billing', topic: 'billing_problem', reason: 'company_fault', due: 0.9, waited: 7,
      page: 'https://shop.example.com/fiok/szamlak',
      log: [
        ['bot', 11, 'Üdvözlöm! Írja le, miben segíthetek.', { part: 'greeting', quick_replies: [{ label: 'Hol a csomagom?', text: 'Hol a csomagom?' }, { label: 'Számlával kapcsolatban', text: 'Számlával kapcsolatban' }] }],
        ['visitor', 10.5, 'Kétszer vonták le ugyanazt a rendelést a kártyámról!!'],
        ['visitor', 10.4, 'HU-20418 a rendelésszám, 23 990 Ft és megint 23 990 Ft'],
        ['turn', 10.3, { action: 'calm', topic: 'billing_problem' }, [['billing_problem', 0.91], ['return_refund', 0.05]], [['company_fault', 0.72, true, 'Kétszer vonták le'], ['angry', 0.41, false, '!!']]],
        ['bot', 10.3, 'Értem, hogy ez bosszantó: kétszer terhelték meg a kártyáját. Köszönöm, hogy azonnal szólt. Mikor vette észre?', { part: 'calm' }],
        ['visitor', 8, 'Ma reggel. Ez már a második alkalom, és múltkor azt ígérték, többet nem fordul elő. Beszélni akarok valakivel!'],
        ['turn', 7.1, { action: 'handoff', reason: 'company_fault', rule: 'company_fault', topic: 'billing_problem' }, [['billing_problem', 0.94]], [['wants_human', 0.88, true, 'Beszélni akarok valakivel'], ['company_fault', 0.81, true, 'második alkalom'], ['angry', 0.56, true, 'Beszélni akarok']]],
        ['bot', 7, 'Most rögtön átadom egy munkatársunknak, aki látja az egész beszélgetést. Pár percen belül válaszol.', { part: 'handoff' }],
        ['handoff', 7],
      ],
      brief: {
        matter: ['Kétszer vonták le ugyanazt a rendelést a kártyámról!!', 3], why: [['Kétszer vonták le', 3, 'company_fault'], ['Beszélni akarok valakivel!', 8, 'wants_human']],
        facts: [['order_number', 'HU-20418', 4], ['amount', '2 × 23 990 Ft', 4], ['since_when', 'ma reggel', 8], ['outcome_wanted', 'refund', 8, true]], missing: ['contact'],
        mood: ['angry', 'rising', 8], tried: [['Értem, hogy ez bosszantó: kétszer terhelték meg a kártyáját.', 7]], wanted: ['refund', 8, true],
        promised: [['Nem fordul elő többet (előző beszélgetés)', 8]], proposals: [['refund', true, 10000], ['store_credit', false, 10000], ['callback', false, 0]],
      },
      earlier: [
        { id: 'e-1', topic: 'billing_problem', owner: 'closed', cause: 'wrong_bill', outcome: 'settled', last_text: 'Köszönöm, megérkezett a visszatérítés.', created_at: at(60 * 24 * 41) },
        { id: 'e-2', topic: 'order_status', owner: 'closed', cause: 'late_or_lost', outcome: 'not_settled', last_text: 'Akkor várok még két napot.', created_at: at(60 * 24 * 120) },
      ],
    },
    {
      id: 'c-marc', visitor: { id: 'v-marc', name: 'Marc', email: 'marc@example.com' }, language: 'fr', severity: 'critical', level: 3, skill: 'complaints',
      topic: 'wrong_or_damaged_item', reason: 'danger', due: -1.2, waited: 4, page: 'https://shop.example.com/fr/chauffage',
      log: [
        ['bot', 6, 'Bonjour ! Racontez-moi ce qui se passe.', { part: 'greeting' }],
        ['visitor', 5, "Le radiateur que vous m'avez vendu a pris feu cette nuit. Il y avait de la fumée partout, mon fils tousse."],
        ['turn', 4.1, { action: 'handoff', reason: 'danger', rule: 'danger', topic: 'wrong_or_damaged_item' }, [['wrong_or_damaged_item', 0.61]], [['danger', 0.97, true, 'a pris feu'], ['company_fault', 0.33, false, '']]],
        ['bot', 4, "Votre sécurité d'abord : si quelqu'un respire mal, appelez le 112 maintenant. Débranchez l'appareil sans le toucher s'il est chaud. Un responsable vous répond tout de suite.", { part: 'emergency' }],
        ['handoff', 4],
      ],
      brief: { matter: ["Le radiateur que vous m'avez vendu a pris feu cette nuit.", 3], why: [['a pris feu', 3, 'danger']], facts: [['product', 'radiateur', 3]], missing: ['order_number', 'contact'], mood: ['upset', 'rising', 3], tried: [], proposals: [['callback', false, 0], ['replacement', false, 50000], ['refund', false, 50000]] },
      earlier: [],
    },
    {
      id: 'c-li', visitor: { id: 'v-li', name: '李娜' }, language: 'zh', severity: 'medium', level: 1, skill: 'delivery', topic: 'delivery_problem', reason: 'asked_for_human', due: 3.4, waited: 3, handovers: 2,
      page: 'https://shop.example.com/zh/orders',
      log: [
        ['bot', 6, '您好，请告诉我发生了什么。', { part: 'greeting' }],
        ['visitor', 5, '显示已签收，但我根本没收到！快递员电话也打不通，订单号 88123307'],
        ['turn', 4.8, { action: 'clarify', topic: 'delivery_problem' }, [['delivery_problem', 0.88]], [['company_fault', 0.48, false, '显示已签收']]],
        ['bot', 4.7, '明白了：物流显示已签收，而您没有收到。您希望补发还是退款？', { part: 'question', quick_replies: [{ label: '补发', text: '补发' }, { label: '退款', text: '退款' }] }],
        ['visitor', 3.2, '转人工'],
        ['turn', 3.1, { action: 'handoff', reason: 'asked_for_human', rule: 'asked_for_human', topic: 'delivery_problem' }, [], [['wants_human', 0.99, true, '转人工']]],
        ['bot', 3, '好的，马上为您转接人工客服。', { part: 'handoff' }],
        ['handoff', 3],
      ],
      brief: { matter: ['显示已签收，但我根本没收到！快递员电话也打不通，订单号 88123307', 3], why: [['转人工', 6, 'wants_human']], facts: [['order_number', '88123307', 3]], missing: ['outcome_wanted'], mood: ['upset', 'steady', 3], tried: [['您希望补发还是退款？', 5]], proposals: [['replacement', false, 2000], ['callback', false, 0]] },
      earlier: [],
    },
    {
      id: 'c-owen', visitor: { id: 'v-owen', name: 'Owen', email: 'owen@example.com' }, language: 'en', severity: 'medium', level: 1, skill: 'returns', topic: 'return_refund', reason: 'dissatisfied', due: 6, waited: 2,
      page: 'https://shop.example.com/returns',
      log: [
        ['bot', 5, 'Hello! Tell me what happened.', { part: 'greeting' }],
        ['visitor', 4, 'I sent the boots back three weeks ago and still no refund. Order 77120.'],
        ['turn', 3.9, { action: 'answer', topic: 'return_refund' }, [['return_refund', 0.93]], []],
        ['bot', 3.9, 'Thank you for telling me. Refunds take up to 14 days after the parcel has reached us. Did that help?', { part: 'answer' }],
        ['visitor', 2.2, 'No, that does not help at all, it HAS been more than 14 days.'],
        ['turn', 2.1, { action: 'handoff', reason: 'dissatisfied', rule: 'dissatisfied_again', topic: 'return_refund' }, [['return_refund', 0.9]], [['dissatisfied', 0.91, true, 'does not help']]],
        ['bot', 2, 'You are right to ask again. A colleague takes this over now and sees everything you wrote.', { part: 'handoff' }],
        ['handoff', 2],
      ],
      brief: { matter: ['I sent the boots back three weeks ago and still no refund. Order 77120.', 3], why: [['that does not help at all', 6, 'dissatisfied']], facts: [['order_number', '77120', 3], ['product', 'boots', 3], ['since_when', 'three weeks', 3]], missing: [], mood: ['upset', 'rising', 6], tried: [['Refunds take up to 14 days after the parcel has reached us.', 5]], wanted: ['refund', 3, true], proposals: [['refund', true, 10000], ['exchange', false, 2000]] },
      earlier: [],
    },
    {
      id: 'c-maja', visitor: { id: 'v-maja', name: 'Maja' }, language: 'sl', severity: 'low', level: 2, skill: 'repairs', topic: 'warranty_repair', reason: 'low_confidence', due: 11, waited: 1, page: 'https://shop.example.com/sl',
      log: [
        ['bot', 3, 'Pozdravljeni! Povejte mi, kaj se je zgodilo.', { part: 'greeting' }],
        ['visitor', 2, 'Kavni aparat po servisu spet pušča na istem mestu, imam račun iz marca'],
        ['turn', 1.1, { action: 'handoff', reason: 'low_confidence', rule: 'misses', topic: 'warranty_repair' }, [['warranty_repair', 0.44], ['technical_problem', 0.4]], []],
        ['bot', 1, 'Povezujem vas s strokovnjakom za popravila.', { part: 'handoff' }],
        ['handoff', 1],
      ],
      brief: { matter: ['Kavni aparat po servisu spet pušča na istem mestu, imam račun iz marca', 3], why: [['spet pušča', 3, 'repeated']], facts: [['product', 'kavni aparat', 3]], missing: ['order_number'], mood: ['calm', 'steady', 3], tried: [], proposals: [['repair', false, 10000]] },
      earlier: [],
    },
  ];
}
