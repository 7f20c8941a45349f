package server

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ombud/chat"
	"ombud/server/frame"
)

// mostFollowed is how many conversations one agent's socket can have open.
const mostFollowed = 64

// agent is the side of an agent's socket.
type agent struct {
	c       *conn
	session string // cookie token, or
	key     string // hash of an API token
	now     atomic.Pointer[chat.User]
	stop    func() // watching the board

	welcomed atomic.Bool // the welcome is on its way, and whatever else may follow

	// The rest belongs to the reader.
	follows map[string]*follower
	leaves  map[string]func()
	granted map[string]struct{} // conversations that this socket was let into
	typed   time.Time
	typing  bool
	state   string // presence last told

	lease atomic.Pointer[string] // presence that this socket keeps up; nil before the first
	kept  int64                  // as of when the lease was last kept; it belongs to keepLeases

	mu    sync.Mutex
	shown map[string]struct{} // conversations that the console lists
}

// user is the user as last looked at; it may be called from any goroutine.
func (a *agent) user() chat.User { return *a.now.Load() }

// identityOf gives in whose name a user of ours writes.
func identityOf(u chat.User) chat.Identity {
	return chat.Identity{Role: chat.RoleAgent, ID: u.ID, Name: u.Name, Grade: u.Grade}
}

func (a *agent) who() chat.Identity {
	return identityOf(a.user())
}

func (a *agent) enter(ctx context.Context) error {
	a.leaves = map[string]func(){}
	u, told := a.user(), a.c.s.presenceTold.Load()
	causes, err := a.c.s.causes(ctx)
	if err != nil {
		return err
	}
	agents, err := a.c.s.colleagues(ctx)
	if err != nil {
		return err
	}
	a.c.sendFrame(frame.TypeWelcome, 0, frame.AgentWelcome{
		User: me(u), Causes: causes, Agents: agents, Email: a.c.s.o.Care != nil && a.c.s.o.Care.Mails(), Suggest: a.c.s.o.Suggest != nil,
	})
	a.welcomed.Store(true)
	if a.c.s.presenceTold.Load() != told { // the welcome may say who was here before that
		a.c.s.tellPresence()
	}
	a.stop = a.c.s.o.Hub.Watch(a)
	return nil
}

func me(u chat.User) frame.Me {
	return frame.Me{
		ID: u.ID, Name: u.Name, Email: u.Email, Grade: string(u.Grade), Level: u.Level,
		Skills: orEmpty(u.Skills), Languages: orEmpty(u.Languages), Products: orEmpty(u.Products), Capacity: u.Capacity,
	}
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func (a *agent) gone() {
	if a.stop != nil {
		a.stop()
	}
	for _, leave := range a.leaves {
		leave()
	}
}

// agentActs holds what to do for each type of frame; a test holds it against frame.Shapes.
var agentActs = map[string]func(*agent, context.Context, frame.In) (bool, error){
	"ping":      func(a *agent, _ context.Context, in frame.In) (bool, error) { return a.c.pong(in) },
	"open":      (*agent).open,
	"leave":     (*agent).leave,
	"say":       (*agent).say,
	"note":      (*agent).note,
	"typing":    (*agent).onTyping,
	"read":      (*agent).read,
	"claim":     (*agent).claim,
	"take_over": (*agent).takeOver,
	"release":   (*agent).release,
	"transfer":  (*agent).transfer,
	"escalate":  (*agent).escalate,
	"return":    (*agent).giveBack,
	"close":     (*agent).close,
	"label":     (*agent).label,
	"presence":  (*agent).presence,

	"next":       (*agent).next,
	"correct":    (*agent).correct,
	"reclassify": (*agent).reclassify,

	"offer":          (*agent).offer,
	"promise":        (*agent).promise,
	"settle_promise": (*agent).settlePromise,
	"complaint":      (*agent).complaint,
}

func (a *agent) handle(ctx context.Context, in frame.In) (bool, error) {
	do := agentActs[in.Type]
	if do == nil {
		return false, fmt.Errorf("no act for frame type %q", in.Type)
	}
	if in.Type != "ping" {
		if err := a.c.spend(); err != nil {
			return false, err
		}
	}
	if in.Conversation != "" && in.Type != "claim" { // a claim that comes too late learns who was faster
		if err := a.let(ctx, in.Conversation); err != nil {
			return false, err
		}
	}
	return do(a, ctx, in)
}

// let fails with chat.ErrNotFound unless the agent may see the conversation. Who was let in stays so while this
// socket lives: an agent may finish what they began.
func (a *agent) let(ctx context.Context, conversation string) error {
	if _, ok := a.granted[conversation]; ok {
		return nil
	}
	if _, err := a.c.s.visible(ctx, a.user(), conversation); err != nil {
		return err
	}
	if len(a.granted) > 1000 {
		clear(a.granted)
	}
	a.granted[conversation] = struct{}{}
	return nil
}

func (a *agent) open(ctx context.Context, in frame.In) (bool, error) {
	if len(a.follows) >= mostFollowed && a.follows[in.Conversation] == nil {
		return false, chat.ErrCapacity
	}
	a.unfollow(in.Conversation)
	since, err := a.c.s.resumes(ctx, in.Conversation, in.Since, in.At)
	if err != nil {
		return false, err
	}
	if since < in.Since {
		a.c.sendFrame(frame.TypeReset, 0, frame.Reset{Conversation: in.Conversation})
	}
	f := &follower{
		c: a.c, conversation: in.Conversation, to: frame.Agent, self: a.user().ID, at: since, sent: map[string]*sent{},
	}
	leave, err := f.follow()
	if err != nil {
		return false, err
	}
	a.follows[in.Conversation], a.leaves[in.Conversation] = f, leave
	return false, nil
}

func (a *agent) leave(_ context.Context, in frame.In) (bool, error) {
	a.unfollow(in.Conversation)
	return false, nil
}

func (a *agent) unfollow(conversation string) {
	if leave := a.leaves[conversation]; leave != nil {
		leave()
		delete(a.leaves, conversation)
		delete(a.follows, conversation)
	}
}

func (a *agent) say(ctx context.Context, in frame.In) (bool, error) {
	return a.write(in, func() (chat.Event, bool, error) {
		if in.Suggested {
			return a.c.s.o.Hub.SaySuggested(ctx, a.who(), in.Conversation, in.ID, in.Text)
		}
		return a.c.s.o.Hub.Say(ctx, a.who(), in.Conversation, in.ID, in.Text)
	})
}

func (a *agent) note(ctx context.Context, in frame.In) (bool, error) {
	return a.write(in, func() (chat.Event, bool, error) {
		if in.Whisper {
			return a.c.s.o.Hub.Whisper(ctx, a.who(), in.Conversation, in.ID, in.Text)
		}
		return a.c.s.o.Hub.Note(ctx, a.who(), in.Conversation, in.ID, in.Text)
	})
}

// write acknowledges through the follower where the conversation is open here, and at once where it is not.
func (a *agent) write(in frame.In, write func() (chat.Event, bool, error)) (bool, error) {
	if f := a.follows[in.Conversation]; f != nil {
		return true, f.say(in.ID, write)
	}
	start := time.Now()
	e, _, err := write()
	if err != nil {
		return false, err
	}
	a.c.s.m.ack.Observe(time.Since(start).Seconds())
	a.c.send(frame.EncodeAck(e.Seq, e.At, in.ID, in.Conversation))
	return true, nil
}

func (a *agent) onTyping(_ context.Context, in frame.In) (bool, error) {
	if now := time.Now(); a.typing != in.On || now.Sub(a.typed) >= typingEvery {
		a.typing, a.typed = in.On, now
		a.c.s.o.Hub.Typing(in.Conversation, a.who(), in.On)
	}
	return false, nil
}

func (a *agent) read(_ context.Context, in frame.In) (bool, error) {
	a.c.s.o.Hub.Read(in.Conversation, a.who(), in.Seq)
	return false, nil
}
