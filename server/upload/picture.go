package upload

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // registers the format
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // registers the format

	"ombud/chat"
)

const jpegQuality = 85

// redraw unpacks a picture and packs it again: only its pixels survive.
func redraw(data []byte) (chat.File, error) {
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return chat.File{}, refused("broken", "The picture cannot be read. Save it again, then send it.")
	}
	if head.Width <= 0 || head.Height <= 0 || int64(head.Width)*int64(head.Height) > maxPixels {
		return chat.File{}, refused("too_large", fmt.Sprintf("Send a picture of at most %d megapixels.", maxPixels/1_000_000))
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return chat.File{}, refused("broken", "The picture cannot be read. Save it again, then send it.")
	}
	picture = fit(picture)
	if format == "jpeg" {
		picture = upright(picture, orientation(data))
	}
	out := chat.File{Type: "image/png", Width: picture.Bounds().Dx(), Height: picture.Bounds().Dy()}
	var packed bytes.Buffer
	if format == "jpeg" {
		out.Type = "image/jpeg"
		err = jpeg.Encode(&packed, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(&packed, picture)
	}
	if err != nil {
		return chat.File{}, fmt.Errorf("draw a %s picture anew: %w", format, err)
	}
	if packed.Len() > MaxBytes {
		return chat.File{}, refused("too_large", "The picture is too detailed. Send it as a JPEG.")
	}
	out.Data = packed.Bytes()
	return out, nil
}

// fit makes a large picture smaller, keeping its shape.
func fit(picture image.Image) image.Image {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	longest := max(w, h)
	if longest <= longestSide {
		return picture
	}
	small := image.NewRGBA(image.Rect(0, 0, max(1, w*longestSide/longest), max(1, h*longestSide/longest)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return small
}

// upright turns a picture the way that Exif's orientation (1 to 8) says it is to be looked at: with the metadata that note is lost.
func upright(picture image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	turned := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		turned = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			turned.Set(tx, ty, picture.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return turned
}
