package sheet

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestNoCellIsAFormula(t *testing.T) {
	evil := []string{`=HYPERLINK("http://x";"y")`, "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"}
	data, err := CSV([][]string{evil, {"plain", "a,b", `say "hi"`, "two\nlines", "3 - 2", "", "中文", "é", "x=1"}})
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(data), "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, cell := range rows[0] {
		if !strings.HasPrefix(cell, "'") {
			t.Errorf("%q stands there as %q", evil[i], cell)
		}
	}
	if got := strings.Join(rows[1], "|"); got != "plain|a,b|say \"hi\"|two\nlines|3 - 2||中文|é|x=1" {
		t.Errorf("harmless cells read back as %q", got)
	}
}
