package nlu

import (
	"slices"
	"sync"
	"sync/atomic"
)

// parallel calls do for 0 to n-1 from several goroutines and waits for all.
func parallel(workers, n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(workers, n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

// task is a piece of work; it may give more of it.
type task func() (more []task)

// perform does all tasks, and those that they give, from several goroutines: the latest first, so that what one leaves for
// its followers is not kept for long.
func perform(workers int, tasks []task) {
	var mu sync.Mutex
	more := sync.NewCond(&mu)
	slices.Reverse(tasks)
	busy := 0
	take := func() task {
		mu.Lock()
		defer mu.Unlock()
		for len(tasks) == 0 && busy > 0 {
			more.Wait()
		}
		if len(tasks) == 0 {
			return nil
		}
		next := tasks[len(tasks)-1]
		tasks = tasks[:len(tasks)-1]
		busy++
		return next
	}
	finish := func(followers []task) {
		mu.Lock()
		defer mu.Unlock()
		busy--
		tasks = append(tasks, followers...)
		more.Broadcast()
	}
	parallel(workers, workers, func(int) {
		for next := take(); next != nil; next = take() {
			finish(next()) // without the lock: what panics in a task is to be seen as it is
		}
	})
}
