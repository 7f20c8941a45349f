package server

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

type livePolicyOut struct {
	Body struct {
		Version int64           `json:"version" doc:"0 before any was saved"`
		Data    json.RawMessage `json:"data" doc:"the policy that decides now, on the node that answers"`
	}
}

type fieldsOut struct {
	Body struct {
		Fields json.RawMessage `json:"fields" doc:"a list of key, kind, unit, min, max, help and sweep"`
		Tables json.RawMessage `json:"tables" doc:"signals, reasons, severities, levels, override, languages, topics and skills: what the tables may hold"`
	}
}

type sweepOut struct {
	Body struct {
		Points json.RawMessage `json:"points" doc:"a list of 101 values with what each would have done"`
	}
}

type sweepIn struct {
	Body struct {
		Data  json.RawMessage `json:"data" doc:"the policy whose other fields stay as they are"`
		Field string          `json:"field" minLength:"1" maxLength:"100" doc:"the field to move over its range, as in GET /policies/fields, or a value in a table: signals.angry.at, topics.order_status.misses"`
		From  time.Time       `json:"from,omitempty" doc:"conversations that began from then; default 30 days ago"`
		To    time.Time       `json:"to,omitempty" doc:"and before then; default now"`
	}
}

type diffIn struct {
	From int64 `query:"from" minimum:"0" doc:"version before; default the one before that, which for version 1 is the built-in policy"`
	To   int64 `query:"to" minimum:"0" doc:"version after; default the newest"`

	hasFrom bool // 0 is a version too
}

// Resolve implements huma.Resolver.
func (in *diffIn) Resolve(ctx huma.Context) []error {
	in.hasFrom = ctx.Query("from") != ""
	return nil
}

type diffOut struct {
	Body struct {
		From    int64          `json:"from"`
		To      int64          `json:"to"`
		Changes []policyChange `json:"changes"`
	}
}

// policyChange is one value that differs between two versions.
type policyChange struct {
	Path string          `json:"path" doc:"keys from the top, joined by dots; list places as numbers from 0"`
	Was  json.RawMessage `json:"was" doc:"null where there was none"`
	Now  json.RawMessage `json:"now" doc:"null where there is none"`
}

type rollbackIn struct {
	Body struct {
		Version int64  `json:"version" minimum:"0" doc:"the version to go back to; 0 is the built-in policy"`
		Reason  string `json:"reason" minLength:"1" maxLength:"500" doc:"why"`
	}
}

func (s *Server) policyToolRoutes(api huma.API) {
	large := op(http.MethodPost, "/policies/sweep", "sweep-policy", tagAdmin, "What each of 101 values of one field would have done to recorded conversations")
	large.MaxBodyBytes = largestBody
	register(s, api, op(http.MethodGet, "/policies/live", "live-policy", tagAdmin, "The policy that decides now"), chat.GradeSupervisor, s.livePolicy)
	register(s, api, op(http.MethodGet, "/policies/fields", "policy-fields", tagAdmin, "What can be tuned, with ranges and help"), chat.GradeSupervisor, s.policyFields)
	register(s, api, large, chat.GradeSupervisor, s.sweepPolicy)
	register(s, api, op(http.MethodGet, "/policies/diff", "diff-policies", tagAdmin, "What differs between two versions"), chat.GradeSupervisor, s.diffPolicies)
	register(s, api, op(http.MethodPost, "/policies/rollback", "roll-back-policy", tagAdmin, "Make an old version live again, as a new version"), chat.GradeAdmin, s.rollBack)
}

// policy gives the judge of policies; chat.ErrUnavailable where the server runs without one.
func (s *Server) policy() (Policy, error) {
	if s.o.Policy == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Policy, nil
}

func (s *Server) livePolicy(context.Context, chat.User, *struct{}) (*livePolicyOut, error) {
	p, err := s.policy()
	if err != nil {
		return nil, err
	}
	out := &livePolicyOut{}
	out.Body.Data, _, out.Body.Version, err = p.Live()
	return out, err
}

func (s *Server) policyFields(context.Context, chat.User, *struct{}) (*fieldsOut, error) {
	p, err := s.policy()
	if err != nil {
		return nil, err
	}
	out := &fieldsOut{}
	out.Body.Fields, out.Body.Tables, err = p.Fields()
	return out, err
}

func (s *Server) sweepPolicy(ctx context.Context, _ chat.User, in *sweepIn) (*sweepOut, error) {
	p, err := s.policy()
	if err != nil {
		return nil, err
	}
	from, to, err := s.period(in.Body.From, in.Body.To)
	if err != nil {
		return nil, err
	}
	out := &sweepOut{}
	out.Body.Points, err = p.Sweep(ctx, in.Body.Data, in.Body.Field, from, to)
	return out, err
}

// period gives the time that a replay is about: the last 30 days where nothing else is said.
func (s *Server) period(from, to time.Time) (time.Time, time.Time, error) {
	if to.IsZero() {
		to = s.now()
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, -30)
	}
	if !from.Before(to) {
		return from, to, &chat.InvalidError{Field: "from", Code: "invalid", Hint: "Give a beginning before the end."}
	}
	return from.UTC(), to.UTC(), nil
}

func (s *Server) diffPolicies(ctx context.Context, _ chat.User, in *diffIn) (*diffOut, error) {
	all, err := s.o.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	out := &diffOut{}
	out.Body.To = cmp.Or(in.To, newest(all))
	if out.Body.From = in.From; !in.hasFrom {
		out.Body.From = out.Body.To - 1
	}
	was, err := s.versionOf(all, out.Body.From)
	if err != nil {
		return nil, err
	}
	now, err := s.versionOf(all, out.Body.To)
	if err != nil {
		return nil, err
	}
	out.Body.Changes, err = diff(was.Data, now.Data)
	return out, err
}

// versionOf finds a version among those that were saved; 0 is the built-in policy, which decided before any of them.
func (s *Server) versionOf(all []chat.PolicyVersion, version int64) (chat.PolicyVersion, error) {
	if version == 0 {
		p, err := s.policy()
		if err != nil {
			return chat.PolicyVersion{}, err
		}
		_, builtIn, _, err := p.Live()
		return chat.PolicyVersion{Data: builtIn}, err
	}
	for _, p := range all {
		if p.Version == version {
			return p, nil
		}
	}
	return chat.PolicyVersion{}, fmt.Errorf("find policy %d: %w", version, chat.ErrNotFound)
}

// newest gives the highest version; 0 if none was ever saved.
func newest(all []chat.PolicyVersion) int64 {
	var n int64
	for _, p := range all {
		n = max(n, p.Version)
	}
	return n
}

// diff gives every value that differs, ordered by path. Numbers that are spelt differently and equal are
// different: the versions are compared as they were written.
func diff(was, now json.RawMessage) ([]policyChange, error) {
	a, err := flat(was)
	if err != nil {
		return nil, err
	}
	b, err := flat(now)
	if err != nil {
		return nil, err
	}
	paths := slices.Collect(maps.Keys(a))
	for path := range b {
		if _, both := a[path]; !both {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	changes := []policyChange{}
	for _, path := range paths {
		if !bytes.Equal(a[path], b[path]) {
			changes = append(changes, policyChange{path, orNull(a[path]), orNull(b[path])})
		}
	}
	return changes, nil
}

func orNull(v json.RawMessage) json.RawMessage {
	if v == nil {
		return json.RawMessage("null")
	}
	return v
}

// flat gives the values of a document by path; an empty list or object counts as a value.
func flat(data json.RawMessage) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read stored policy: %w", err)
	}
	out := map[string]json.RawMessage{}
	return out, walk("", doc, out)
}

func walk(path string, v any, out map[string]json.RawMessage) error {
	at := func(key string) string {
		if path == "" {
			return key
		}
		return path + "." + key
	}
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			if err := walk(at(key), x, out); err != nil {
				return err
			}
		}
		if len(v) > 0 {
			return nil
		}
	case []any:
		for i, x := range v {
			if err := walk(at(strconv.Itoa(i)), x, out); err != nil {
				return err
			}
		}
		if len(v) > 0 {
			return nil
		}
	}
	raw, err := json.Marshal(v)
	out[path] = raw
	return err
}

// rollBack saves an old version's policy again. Versions only ever grow, so that who reads the list sees
// what was live when.
func (s *Server) rollBack(ctx context.Context, by chat.User, in *rollbackIn) (*policyOut, error) {
	if p := frame.CheckText("reason", in.Body.Reason, 500); p != nil {
		return nil, p
	}
	all, err := s.o.Store.Policies(ctx)
	if err != nil {
		return nil, err
	}
	old, err := s.versionOf(all, in.Body.Version)
	if err != nil {
		return nil, err
	}
	p := chat.PolicyVersion{Version: newest(all) + 1, Author: by.ID, Reason: in.Body.Reason, Data: old.Data}
	return s.makeLive(ctx, by, p, map[string]string{"reason": p.Reason, "back_to": fmt.Sprint(old.Version)})
}

// makeLive checks and saves a version, and has every node take it up. An old version that no longer
// validates is refused like a new one.
func (s *Server) makeLive(ctx context.Context, by chat.User, p chat.PolicyVersion, detail map[string]string) (*policyOut, error) {
	judge, err := s.policy()
	if err != nil {
		return nil, err
	}
	if err := judge.Check(p.Data); err != nil {
		return nil, err
	}
	p.At = s.now()
	if err := s.o.Store.SavePolicy(ctx, p); err != nil {
		return nil, fmt.Errorf("save policy %d: %w", p.Version, err)
	}
	s.audit(ctx, by, "policy.save", fmt.Sprint(p.Version), detail)
	s.publish("policy", fmt.Sprint(p.Version))
	if s.o.OnPolicy != nil {
		s.o.OnPolicy(p)
	}
	return &policyOut{p}, nil
}
