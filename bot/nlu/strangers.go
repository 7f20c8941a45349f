package nlu

import (
	"slices"
	"strings"
	"sync"

	"github.com/pemistahl/lingua-go"
)

// neighbours are the Latin-script languages that a message which fits none of the script's may be in.
var neighbours = []lingua.Language{
	lingua.English, lingua.Hungarian, lingua.Slovene, lingua.French, lingua.German, lingua.Croatian, lingua.Slovak,
	lingua.Czech, lingua.Polish, lingua.Italian, lingua.Spanish, lingua.Romanian, lingua.Portuguese, lingua.Dutch,
}

// detector is loaded when the first message asks for it: most conversations never do.
var detector = sync.OnceValue(func() lingua.LanguageDetector {
	return lingua.NewLanguageDetectorBuilder().FromLanguages(neighbours...).WithLowAccuracyMode().Build()
})

// foreign is the confidence from which on a message is taken to be in a language that the script lacks.
const foreign = 0.6

// longestSample bounds what the detector reads, in bytes.
const longestSample = 400

// strangers names the language of a message whose words the examples do not know, if it is clearly none of known; else it
// gives "".
func strangers(raw string, known []string) (string, float64) {
	if len(raw) > longestSample {
		raw = strings.ToValidUTF8(raw[:longestSample], "")
	}
	values := detector().ComputeLanguageConfidenceValues(raw)
	if len(values) == 0 {
		return "", 0
	}
	code := strings.ToLower(values[0].Language().IsoCode639_1().String())
	if values[0].Value() < foreign || slices.Contains(known, code) {
		return "", 0
	}
	return code, values[0].Value()
}
