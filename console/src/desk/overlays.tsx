import { CloseDialog } from "../acts/close.tsx";
import { EscalateDialog, TransferDialog } from "../acts/transfer.tsx";
import { Palette } from "../palette/palette.tsx";
import { HelpDialog } from "../settings/help.tsx";
import { SettingsDialog } from "../settings/settings.tsx";
import { overlay } from "../store/view.ts";

/** Overlays shows what lies over the desk, one thing at a time. */
export function Overlays() {
  const o = overlay.value;
  switch (o.kind) {
    case "palette":
      return <Palette />;
    case "help":
      return <HelpDialog />;
    case "settings":
      return <SettingsDialog />;
    case "close":
      return <CloseDialog key={o.id} id={o.id} />;
    case "transfer":
      return <TransferDialog key={o.id} id={o.id} />;
    case "escalate":
      return <EscalateDialog key={o.id} id={o.id} />;
    default:
      return null;
  }
}
