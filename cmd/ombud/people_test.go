package main

import (
	"encoding/json"
	"strings"
	"testing"

	"ombud/handoff"
	"ombud/server"
	"ombud/storage/storagetest"
)

// What is not on the list, or names nothing at all, is refused with what to do and a code; nobody is added then.
func TestProductsOfSomebodyNewAreChecked(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		db := storagetest.Open(t, url)
		add := func(flags ...string) (code int, said string) {
			var out, problems strings.Builder
			args := append([]string{"user", "add", "kay@shop.example", "--name", "Kay", "--database", url, "--log-level", "error"}, flags...)
			code = run(t.Context(), args, streams{strings.NewReader(""), &out, &problems})
			return code, problems.String()
		}
		refused := func(why string, flags ...string) {
			t.Helper()
			if code, said := add(flags...); code != 1 || !strings.Contains(said, why) {
				t.Errorf("%q: %d, %q", flags, code, said)
			}
		}
		refused("add it in the console first. [unknown]", "--products", "kettle")
		list, err := json.Marshal([]handoff.Product{{ID: "kettle", Name: "Kettle 2000"}, {ID: "cup", Name: "Cup"}})
		if err == nil {
			err = db.SaveSetting(t.Context(), server.SettingProducts, list)
		}
		if err != nil {
			t.Fatal(err)
		}
		refused(`--products: There is no product "teapot". Use ids of the list: kettle, cup. [unknown]`, "--products", "cup,teapot")
		for _, flag := range []string{"--products", "--skills", "--languages"} {
			for _, empty := range []string{"", ",", "cup, "} {
				refused("or leave "+flag+" out. [empty]", flag, empty)
			}
		}
		if users, err := db.Users(t.Context()); err != nil || len(users) != 0 {
			t.Errorf("%d added, %v", len(users), err)
		}
		if code, said := add("--products", "cup, kettle"); code != 0 {
			t.Errorf("%d, %q", code, said)
		}
		if users, err := db.Users(t.Context()); err != nil || len(users) != 1 || strings.Join(users[0].Products, "+") != "cup+kettle" {
			t.Errorf("%+v, %v", users, err)
		}
	})
}
