package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPrefixesAreCheckedBeforeTheStart(t *testing.T) {
	good := config{TurnPause: time.Second, MetricsFrom: []string{"10.0.0.0/8", "192.0.2.7"}, TrustedProxies: []string{"::1"}}
	if err := good.validate(); err != nil {
		t.Error(err)
	}
	if got, _ := good.metricsFrom(); fmt.Sprint(got) != "[10.0.0.0/8 192.0.2.7/32]" {
		t.Errorf("read as %v", got)
	}
	for flag, bad := range map[string]config{
		"--metrics-from":    {MetricsFrom: []string{"everybody"}},
		"--trusted-proxies": {TrustedProxies: []string{"10.0.0.0/99"}},
	} {
		if err := bad.validate(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}
