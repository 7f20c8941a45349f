package script

import "testing"

func TestDefaultScriptIsSound(t *testing.T) {
	for _, f := range Check(Embedded()) {
		if f.Severity == SeverityError {
			t.Error(f)
		}
	}
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(s.Examples), len(s.Keys()))
}
