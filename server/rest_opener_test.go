package server

import (
	"net/http"
	"net/url"
	"testing"
)

func TestOnlyListedPagesOpenTheWindow(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for origin, want := range map[string]int{
		shopOrigin: http.StatusNoContent, "https://other.example.com": http.StatusForbidden, "https://shop.example.com.evil.example": http.StatusForbidden,
		"null": http.StatusForbidden, "": http.StatusUnprocessableEntity,
	} {
		if status, body, _ := b.raw("GET", "/api/v1/sites/demo/opener?origin="+url.QueryEscape(origin), nil); status != want {
			t.Errorf("a page of %q: %d %s, want %d", origin, status, body, want)
		}
	}
	if status, _, _ := b.raw("GET", "/api/v1/sites/none/opener?origin="+url.QueryEscape(shopOrigin), nil); status != http.StatusNotFound {
		t.Errorf("a site that is not there: %d", status)
	}
}
