.PHONY: help run build test check bench crash shots generate
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

bench: ## Go benchmarks, then load over the public protocol
	go test -run '^$$' -bench . -benchmem ./storage ./bot/... ./handoff ./server
	go run ./cmd/ombud bench --self --pairs 50 --for 10s
	go run ./cmd/ombud bench --self --idle 2000

N ?= 500
crash: ## N kills of the server under load: half on SQLite, half on Postgres (N=500)
	OMBUD_CRASH_KILLS=$(N) go test -run 'TestCrash' -timeout 60m -v ./cmd/ombud

shots: ## screenshots of every view into shots/
	go build -o bin/ombud ./cmd/ombud
	node e2e/shots.mjs

generate: ## rebuild the widget and the console
	go generate ./widget ./console
