package server

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"ombud/server/frame"
)

// metrics are what /metrics shows.
type metrics struct {
	registry *prometheus.Registry
	sockets  *prometheus.GaugeVec
	frames   *prometheus.CounterVec
	errors   *prometheus.CounterVec
	closed   *prometheus.CounterVec
	ack      prometheus.Histogram
	panics   prometheus.Counter
	byType   map[string]prometheus.Counter // the counters of frames, looked up once
	refused  prometheus.Counter
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		sockets: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "ombud_sockets", Help: "Open websockets that have said hello, by side."}, []string{"side"}),
		frames: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ombud_frames_received_total", Help: "Frames received, by type; refused for those that could not be read."}, []string{"type"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ombud_errors_total", Help: "Error answers, by code."}, []string{"code"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ombud_closes_total", Help: "Websockets that the server closed, by close code."}, []string{"code"}),
		ack: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ombud_ack_seconds", Help: "From the receipt of a message to its acknowledgement.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 14)}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ombud_panics_total", Help: "Handlers that panicked and were caught."}),
		byType: map[string]prometheus.Counter{},
	}
	m.registry.MustRegister(m.sockets, m.frames, m.errors, m.closed, m.ack, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, shape := range frame.Shapes {
		m.byType[shape.Type] = m.frames.WithLabelValues(shape.Type)
	}
	m.refused = m.frames.WithLabelValues("refused")
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

var sideNames = map[frame.Who]string{frame.Visitor: "visitor", frame.Agent: "agent"}

func (m *metrics) socketCame(who frame.Who) { m.sockets.WithLabelValues(sideNames[who]).Inc() }

func (m *metrics) socketGone(who frame.Who) {
	if name := sideNames[who]; name != "" {
		m.sockets.WithLabelValues(name).Dec()
	}
}

func (m *metrics) received(typ string, ok bool) {
	if counter := m.byType[typ]; ok && counter != nil {
		counter.Inc()
		return
	}
	m.refused.Inc()
}

func (m *metrics) errored(code string) { m.errors.WithLabelValues(code).Inc() }

func (m *metrics) closes(code int) { m.closed.WithLabelValues(strconv.Itoa(code)).Inc() }
