.PHONY: help run build test check long bench crash day handoff goals shots generate
.DEFAULT_GOAL := help

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## serve the demo on http://localhost:8080
	go run ./cmd/ombud serve --demo

build: ## a static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/ombud ./cmd/ombud

test: ## every check and test, as CI runs them; installs what is missing
	./tools/test

check: ## formatting, vet and the fast Go tests
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go test -short ./...

long: ## the Go tests that are made shorter for CI, at their full size
	go run ./tools/longtests | while read -r package pattern; do go test -timeout 30m -run "$$pattern" "$$package" </dev/null || exit 1; done

bench: ## Go benchmarks, then load over the public protocol
	go test -run '^$$' -bench . -benchmem ./storage ./bot/... ./handoff ./server
	go run ./cmd/ombud bench --self --pairs 50 --for 10s
	go run ./cmd/ombud bench --self --idle 2000

N ?= 500
crash: ## N kills of the server under load: half on SQLite, half on Postgres (N=500)
	OMBUD_CRASH_KILLS=$(N) go test -run 'TestCrash' -timeout 60m -v ./cmd/ombud

day: ## a busy day at 60 times its pace (27 minutes); writes docs/measurements-day.md
	OMBUD_DAY=full OMBUD_DAY_REPORT=$(CURDIR)/docs/measurements-day.md go test -timeout 60m -run 'TestABusyDay$$' -v ./cmd/ombud

handoff: ## the long forms: capacity, clocks, lives, linear histories, 200 vanished agents, 2,000 timers under kills, 1,000 webhooks
	OMBUD_TEST_PUSH_CHATS=500 OMBUD_TEST_PUSH_ROUNDS=50 OMBUD_TEST_TIMERS=2000 OMBUD_TEST_LIVES=25 OMBUD_TEST_LINEAR=50 go test -timeout 120m -run 'Push|Clock|Life|Linear' -v ./chat/hub
	OMBUD_TEST_VANISH=200 go test -timeout 30m -run TestAgentsVanish -v ./cmd/ombud
	OMBUD_TEST_TIMERS=2000 go test -timeout 30m -run TestTimersSurviveKills -v ./cmd/ombud
	OMBUD_TEST_HOOKS=1000 go test -timeout 30m -run TestEveryWebhook -v ./cmd/ombud

goals: ## hold the goals of speed, on a machine that does nothing else
	OMBUD_HOLD_TIMES=1 go test -run TestSearchIsQuick -v ./storage
	go build -o bin/ombud ./cmd/ombud
	OMBUD_HOLD_TIMES=1 node --test --test-concurrency=1 console/test/speed.test.mjs console/test/policy.test.mjs widget/test/goals.test.mjs widget/test/lighthouse.test.mjs e2e/latency.test.mjs

shots: ## screenshots of every view into shots/
	go build -o bin/ombud ./cmd/ombud
	node e2e/shots.mjs

generate: ## rebuild the widget and the console
	go generate ./widget ./console
