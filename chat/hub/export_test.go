package hub

// RingAll deals with all clocks that are due, for tests that let time pass by themselves.
func (h *Hub) RingAll() {
	for h.ringAll() {
	}
}
