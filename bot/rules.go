package bot

// rule is one reason to hand over or to close. Value and bar say how near it is to firing.
type rule struct {
	name   string
	action Action
	reason string
	// soft rules wait while the conversation cools down after a person gave it back.
	soft   bool
	signal int // the signal it rests on, -1 for none
	test   func(*frame) (value, bar float64, fires bool)
}

// rules stand in order of priority: the first that fires decides.
var rules = []rule{
	{"danger", Handoff, ReasonDanger, false, sigDanger, signalRule(sigDanger)},
	{"asked_for_supervisor", Handoff, ReasonSupervisor, false, sigSupervisor, signalRule(sigSupervisor)},
	{"asked_for_human", Handoff, ReasonHuman, false, sigHuman, signalRule(sigHuman)},
	{"took_offer", Handoff, ReasonHuman, false, -1, tookOffer},
	{"legal_threat", Handoff, ReasonLegal, false, sigLegal, legalThreat},
	{"resolved", Close, "", false, sigResolved, settled},
	{"formal_complaint", Handoff, ReasonFormalComplaint, false, sigFormal, signalRule(sigFormal)},
	{"company_fault", Handoff, ReasonFault, false, sigFault, companyFault},
	{"public_threat", Handoff, ReasonPublic, false, sigPublic, signalRule(sigPublic)},
	{"anger_again", Handoff, ReasonAnger, true, sigAngry, angerAgain},
	{"anger_level", Handoff, ReasonAnger, true, sigAngry, angerLevel},
	{"anger_rising", Handoff, ReasonAnger, true, sigAngry, angerRising},
	{"dissatisfied_again", Handoff, ReasonDissatisfied, true, sigDissatisfied, dissatisfiedAgain},
	{"told_again", Handoff, ReasonRepeated, true, sigDissatisfied, toldAgain},
	{"fault_after_question", Handoff, ReasonFault, false, sigFault, faultAfterQuestion},
	{"callback", Handoff, ReasonCallback, false, sigCallback, signalRule(sigCallback)},
	{"thanks", Close, "", false, -1, thanked},
	{"unknown_language", Handoff, ReasonLanguage, false, -1, unknownLanguage},
	{"repeated", Handoff, ReasonRepeated, true, -1, repeated},
	{"not_ours", Handoff, ReasonOutOfScope, true, -1, notOurs},
	{"model_failed", Handoff, ReasonModelFailed, true, -1, modelFailed},
	{"out_of_scope", Handoff, ReasonOutOfScope, true, -1, outOfScope},
	{"misses", Handoff, ReasonLowConfidence, true, -1, missed},
	{"too_many_turns", Handoff, ReasonTooLong, true, -1, tooManyTurns},
	{"too_many_questions", Handoff, ReasonTooLong, true, -1, tooManyQuestions},
}

// signalRule fires as soon as a signal shows. Where the trained threshold rules, and was not reached, the
// bar is not known from outside: half is shown, or the strength itself if that is higher.
func signalRule(sig int) func(*frame) (float64, float64, bool) {
	return func(fr *frame) (float64, float64, bool) {
		value := float64(fr.f.strength[sig])
		fires := fr.p.shows(fr.f, sig)
		bar := float64(fr.p.at[sig])
		if bar == 0 || fires && bar > value {
			bar = 0.5
			if fires == (value < bar) {
				bar = value
			}
		}
		return value, bar, fires
	}
}

func atLeast(value, bar float64, when bool) (float64, float64, bool) {
	if !when {
		return 0, bar, false
	}
	return value, bar, value >= bar
}

func tookOffer(fr *frame) (float64, float64, bool) {
	return atLeast(1, 1, fr.f.offered && fr.f.yes)
}

func settled(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.f.strength[sigResolved]), 0, fr.settled)
}

func thanked(fr *frame) (float64, float64, bool) {
	return atLeast(fr.conf, fr.answerAt, fr.p.CloseOnThanks && fr.thanks && fr.s.Answers > 0)
}

// companyFault waits for one answer in the first turns, except where the topic says that it cannot.
func companyFault(fr *frame) (float64, float64, bool) {
	grace := float64(fr.p.FaultGrace)
	if fr.fault && fr.topic >= 0 && fr.p.atOnce[fr.topic] && fr.conf >= fr.clarifyAt {
		grace = 0
	}
	return atLeast(float64(fr.s.Turns), grace, fr.fault)
}

// faultAfterQuestion hands over once that one question was asked, whatever the answer is.
func faultAfterQuestion(fr *frame) (float64, float64, bool) {
	return atLeast(1, 1, fr.s.FaultSeen && !fr.thanks)
}

// legalThreat gives way to a public threat that is plainly the stronger: newspapers are no courts.
func legalThreat(fr *frame) (float64, float64, bool) {
	value, bar, fires := signalRule(sigLegal)(fr)
	if public := float64(fr.f.strength[sigPublic]); fires && fr.p.shows(fr.f, sigPublic) && public > value+clearly {
		return 0, bar, false
	}
	return value, bar, fires
}

// clearly is by how much one probability must be above another to win over a rule of higher priority.
const clearly = 0.2

// notOurs fires after the first turn if two of three hold: the visitor asks who is responsible, says that
// it is not about what it was taken for, and no topic fits.
func notOurs(fr *frame) (float64, float64, bool) {
	n := b2i(fr.f.asksWho) + b2i(fr.f.corrects) + b2i(!fr.confident)
	return atLeast(float64(n), 2, fr.s.Seen > 0 && (fr.f.asksWho || fr.f.corrects) && !fr.small && !fr.settled)
}

func angerAgain(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Friction+1), float64(fr.p.AngerOutbursts), fr.angry)
}

// angerLevel never fires on the first turn of a conversation: a first outburst is calmed.
func angerLevel(fr *frame) (float64, float64, bool) {
	return atLeast(fr.level, fr.p.AngerLevelAt, fr.s.Turns > 0 && !fr.settled && !fr.thanks && fr.p.AngerLevelAt > 0)
}

func angerRising(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.rising), float64(fr.p.AngerRisingTurns), !fr.settled && !fr.thanks)
}

func dissatisfiedAgain(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Friction+1), float64(fr.p.Rejections), fr.dissatisfied)
}

// toldAgain fires where somebody rejects an answer as the same that they had before: that is the second failure.
func toldAgain(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Answers), float64(fr.p.Rejections), fr.dissatisfied && fr.f.saysAgain)
}

// enoughWords is how many words prove another language from somebody who wrote one of the script's before.
const enoughWords = 6

func unknownLanguage(fr *frame) (float64, float64, bool) {
	other := fr.f.language == langOther && (fr.s.Spoke == 0 || fr.f.words >= enoughWords)
	return atLeast(float64(fr.f.languageSure), fr.p.UnknownLanguageAt, other && fr.s.Seen >= fr.p.LanguageGrace)
}

func repeated(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Repeated+1), float64(fr.p.RepeatedLimit), fr.f.repeats && fr.counted)
}

func missed(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Misses+1), float64(fr.misses), fr.miss)
}

// modelFailed tells misses that a model should have helped with from others.
func modelFailed(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Misses+1), float64(fr.misses), fr.miss && (fr.f.modelFailed || fr.s.ModelFailed))
}

func outOfScope(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Misses+1), float64(fr.misses), fr.miss && float64(fr.f.outOfScope) >= fr.p.OutOfScopeAt)
}

func tooManyTurns(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.s.Turns), float64(fr.maxTurns), fr.counted)
}

func tooManyQuestions(fr *frame) (float64, float64, bool) {
	return atLeast(float64(fr.f.questions), float64(fr.p.MaxQuestions), fr.counted)
}
