package hub_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What guards the handoff is worth nothing before a broken guard fails a test. Each of these breaks one line in an
// overlay that never touches the sources, and requires the test that watches it to fail. A line that is not there any
// more fails the test: the sabotage has to follow the code. OMBUD_TEST_GUARDS breaks that many, from the top.
func TestBrokenGuardsAreNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tests anew")
	}
	all := []struct{ name, file, old, new, test string }{
		{"conditional write", "storage/judge.go", "	if !stale {\n", "	if !stale || true {\n", "TestClaimsReleasesAndTransfersAreLinearizable"},
		{"lease", "chat/hub/roster.go", "if p.ExpiresAt.Before(limit) {", "if p.ExpiresAt.Before(limit) || p.ExpiresAt.Before(r.o.Now()) {", "TestChatsOfVanishedAgentsGoBackToTheirPlace"},
		{"timer guard", "chat/hub/clock.go", ", Seq: &c.LastSeq}", "}", "TestEveryClockTakesEffectOnce"},
		{"lease's end", "chat/hub/roster.go", "if p.ExpiresAt.Before(limit) {", "if p.ExpiresAt.Before(limit) && p.User == \"\" {", "TestChatsOfVanishedAgentsGoBackToTheirPlace"},
		{"an answer on its way", "chat/hub/clock.go", ", Seq: &c.LastSeq}", ", Epoch: &c.Epoch}", "TestAnAnswerOnItsWayKeepsTheChat"},
		{"a new time in time", "chat/hub/waiting.go", "	return !now.Before(old.Until.Add(-max(2*remindEvery, given/4)))", "	return given < 0", "TestANewTimeIsGivenBeforeTheOldOnePasses"},
		{"who dropped it", "chat/hub/amend.go", "dropped[a.ID] && a.Misfit(c) == nil", "dropped[a.ID] && a.Misfit(c) != nil", "TestNextIsTheFirstThatFitsAndWasNotDropped"},
		{"capacity", "storage/judge.go", "b.held[agent] >= a.Capacity {", "b.held[agent] > a.Capacity {", "TestPushNeverGivesAFourthChat"},
	}
	for _, x := range all[:times(t, "OMBUD_TEST_GUARDS", len(all), 0)] {
		t.Run(x.name, func(t *testing.T) {
			out, err := sabotaged(t, x.file, x.old, x.new, x.test)
			if err == nil || !strings.Contains(out, "--- FAIL: "+x.test) {
				t.Errorf("%s passes all the same: %v\n%s", x.test, err, out)
			}
		})
	}
}

func sabotaged(t *testing.T, file, old, new, test string) (string, error) {
	t.Helper()
	root, err := filepath.Abs("../..")
	must(t, err)
	source, err := os.ReadFile(filepath.Join(root, file))
	must(t, err)
	if strings.Count(string(source), old) != 1 {
		t.Fatalf("%s does not hold %q once", file, old)
	}
	dir := t.TempDir()
	broken, overlay := filepath.Join(dir, "broken.go"), filepath.Join(dir, "overlay.json")
	must(t, os.WriteFile(broken, []byte(strings.Replace(string(source), old, new, 1)), 0o644))
	spec, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, file): broken}})
	must(t, err)
	must(t, os.WriteFile(overlay, spec, 0o644))
	cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay="+overlay, "-run", "^"+test+"$", "ombud/chat/hub")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "OMBUD_TEST_POSTGRES=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
