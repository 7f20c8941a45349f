package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/handoff"
	"ombud/server/frame"
)

// SettingProducts names the setting that holds the products: a JSON list of {id, name}, empty to start with.
const SettingProducts = "products"

type productsOut struct {
	Body struct {
		Products []handoff.Product `json:"products"`
	}
}

type choiceIn struct {
	ID   string `path:"id" maxLength:"64" pattern:"^[a-z0-9][a-z0-9_-]*$"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

type choiceIDIn struct {
	ID string `path:"id" maxLength:"64"`
}

// choiceRoutes are those of the lists that admins keep and agents choose from at a close.
func (s *Server) choiceRoutes(api huma.API) {
	admin := chat.GradeAdmin
	register(s, api, op(http.MethodPut, "/causes/{id}", "save-cause", tagAdmin, "Add or rename a cause"), admin, s.saveCause)
	register(s, api, op(http.MethodDelete, "/causes/{id}", "remove-cause", tagAdmin, "Take a cause off the list; what was closed with it keeps it"), admin, s.removeCause)
	register(s, api, op(http.MethodGet, "/products", "products", tagWork, "Products to choose from at a close"), chat.GradeAgent, s.listProducts)
	register(s, api, op(http.MethodPut, "/products/{id}", "save-product", tagAdmin, "Add or rename a product"), admin, s.saveProduct)
	register(s, api, op(http.MethodDelete, "/products/{id}", "remove-product", tagAdmin, "Take a product off the list; what was closed with it keeps it"), admin, s.removeProduct)
}

func (s *Server) saveCause(ctx context.Context, by chat.User, in *choiceIn) (*causesOut, error) {
	if p := frame.CheckLine("name", in.Body.Name, 100); p != nil {
		return nil, p
	}
	out := &causesOut{}
	var err error
	out.Body.Causes, err = changeList(ctx, s, by, settingCauses, "cause.save", in.ID, func(all []frame.Cause) ([]frame.Cause, error) {
		return upsert(orUsual(all), frame.Cause{ID: in.ID, Name: in.Body.Name}, func(x frame.Cause) bool { return x.ID == in.ID }), nil
	})
	return out, err
}

func (s *Server) removeCause(ctx context.Context, by chat.User, in *choiceIDIn) (*causesOut, error) {
	out := &causesOut{}
	var err error
	out.Body.Causes, err = changeList(ctx, s, by, settingCauses, "cause.remove", in.ID, func(all []frame.Cause) ([]frame.Cause, error) {
		return without(orUsual(all), func(x frame.Cause) bool { return x.ID == in.ID })
	})
	return out, err
}

func (s *Server) listProducts(ctx context.Context, _ chat.User, _ *struct{}) (*productsOut, error) {
	all, err := list[handoff.Product](ctx, s, SettingProducts)
	out := &productsOut{}
	out.Body.Products = all
	return out, err
}

func (s *Server) saveProduct(ctx context.Context, by chat.User, in *choiceIn) (*productsOut, error) {
	if p := frame.CheckLine("name", in.Body.Name, 100); p != nil {
		return nil, p
	}
	out := &productsOut{}
	var err error
	out.Body.Products, err = changeList(ctx, s, by, SettingProducts, "product.save", in.ID, func(all []handoff.Product) ([]handoff.Product, error) {
		return upsert(all, handoff.Product{ID: in.ID, Name: in.Body.Name}, func(x handoff.Product) bool { return x.ID == in.ID }), nil
	})
	return out, err
}

func (s *Server) removeProduct(ctx context.Context, by chat.User, in *choiceIDIn) (*productsOut, error) {
	out := &productsOut{}
	var err error
	out.Body.Products, err = changeList(ctx, s, by, SettingProducts, "product.remove", in.ID, func(all []handoff.Product) ([]handoff.Product, error) {
		return without(all, func(x handoff.Product) bool { return x.ID == in.ID })
	})
	return out, err
}

// upsert replaces what matches, or adds it at the end.
func upsert[T any](all []T, one T, match func(T) bool) []T {
	if i := slices.IndexFunc(all, match); i >= 0 {
		all[i] = one
		return all
	}
	return append(all, one)
}

// without leaves out what matches; chat.ErrNotFound where nothing does.
func without[T any](all []T, match func(T) bool) ([]T, error) {
	kept := slices.DeleteFunc(slices.Clone(all), match)
	if len(kept) == len(all) {
		return nil, chat.ErrNotFound
	}
	return kept, nil
}

// productOf gives the id of the product that an agent named, by its id or by its name in whatever case; what is not
// on the list stays as it was said. So a report counts one product once.
func (s *Server) productOf(ctx context.Context, said string) (string, error) {
	if said == "" {
		return "", nil
	}
	all, err := list[handoff.Product](ctx, s, SettingProducts)
	if err != nil {
		return "", err
	}
	said = strings.TrimSpace(said)
	for _, p := range all {
		if strings.EqualFold(said, p.ID) || strings.EqualFold(said, p.Name) {
			return p.ID, nil
		}
	}
	return said, nil
}

// productKnown gives the product that a conversation is known to be about.
func (s *Server) productKnown(ctx context.Context, conversation string) (string, error) {
	c, err := s.o.Store.Conversation(ctx, conversation)
	return c.Product, err
}
