package nlu

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestAStoredModelIsUsedAgain(t *testing.T) {
	dir := t.TempDir()
	first, trained, err := TrainCached(dir, shop(), Options{})
	if err != nil || !trained {
		t.Fatalf("trained %v, error %v; want a trained model", trained, err)
	}
	second, trained, err := TrainCached(dir, shop(), Options{})
	if err != nil || trained {
		t.Fatalf("trained %v, error %v; want the stored model", trained, err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("the stored model differs from the trained one")
	}
	if _, trained, _ = TrainCached(dir, shop()[1:], Options{}); !trained {
		t.Error("other examples were answered with the stored model")
	}
}

func TestADamagedModelIsTrainedAnew(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut short": func(b []byte) []byte { return b[:len(b)/2] },
		"empty":     func([]byte) []byte { return nil },
		"one bit":   func(b []byte) []byte { b[len(b)-3] ^= 1; return b },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			want, _, err := TrainCached(dir, shop(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			files, _ := filepath.Glob(filepath.Join(dir, "*.model"))
			if len(files) != 1 {
				t.Fatalf("stored files %q, want one", files)
			}
			raw, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(files[0], damage(raw), 0o644); err != nil {
				t.Fatal(err)
			}
			got, trained, err := TrainCached(dir, shop(), Options{})
			if err != nil || !trained || !reflect.DeepEqual(got, want) {
				t.Errorf("trained %v, error %v; want the same model trained anew", trained, err)
			}
			if _, trained, _ = TrainCached(dir, shop(), Options{}); trained {
				t.Error("the damaged file was not replaced")
			}
		})
	}
}

func TestOtherConceptsAskForAnotherModel(t *testing.T) {
	before, lines := fingerprint(shop()), conceptLines
	defer func() { conceptLines = lines }()
	conceptLines += "# one more\n"
	if fingerprint(shop()) == before {
		t.Error("a model learnt with other concepts would be used")
	}
}
