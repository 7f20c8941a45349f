package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"ombud/chat"
)

// Dead gives up to limit jobs that were given up, newest first.
func (q *Queue) Dead(ctx context.Context, limit int) ([]chat.DeadJob, error) {
	params := river.NewJobListParams().First(limit).OrderBy(river.JobListOrderByID, river.SortOrderDesc).
		States(rivertype.JobStateDiscarded, rivertype.JobStateCancelled)
	list, err := q.client.JobList(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("list dead jobs: %w", err)
	}
	out := []chat.DeadJob{}
	for _, j := range list.Jobs {
		var e envelope
		if err := json.Unmarshal(j.EncodedArgs, &e); err != nil {
			return nil, fmt.Errorf("decode dead job %d: %w", j.ID, err)
		}
		d := chat.DeadJob{ID: j.ID, Kind: e.Job, Attempts: j.Attempt, CreatedAt: j.CreatedAt.UTC()}
		if n := len(j.Errors); n > 0 {
			d.Error = j.Errors[n-1].Error
		}
		out = append(out, d)
	}
	return out, nil
}

// Retry has a job that was given up done once more; chat.ErrNotFound if there is none by that id.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	_, err := q.client.JobRetry(ctx, id)
	if errors.Is(err, rivertype.ErrNotFound) {
		return fmt.Errorf("retry job %d: %w", id, chat.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("retry job %d: %w", id, err)
	}
	return nil
}
