import { useEffect } from "preact/hooks";
import { overlay, type BulkAct } from "../store/view.ts";
import { lazy } from "../ui/lazy.tsx";

const closing = () => import("../acts/close.tsx");
const transferring = () => import("../acts/transfer.tsx");
const finding = () => import("../palette/palette.tsx");
const CloseDialog = lazy<{ id: string }>(closing);
const TransferDialog = lazy<{ id: string }>(transferring);
const Palette = lazy(finding);
const EscalateDialog = lazy<{ id: string }>(() => import("../acts/escalate.tsx"));
const HelpDialog = lazy(() => import("../settings/help.tsx"));
const SettingsDialog = lazy(() => import("../settings/settings.tsx"));
const OfferDialog = lazy<{ id: string; remedy?: string }>(() => import("../acts/offer.tsx"));
const PromiseDialog = lazy<{ id: string; call?: boolean; renew?: string }>(() => import("../acts/promise.tsx"));
const ComplaintDialog = lazy<{ id: string }>(() => import("../acts/complaint.tsx"));
const PictureDialog = lazy<{ id: string; file: string }>(() => import("../files/picture.tsx"));
const TeamDialog = lazy(() => import("../acts/team.tsx"));
const BulkDialog = lazy<{ act: BulkAct }>(() => import("../acts/bulk.tsx"));

/** Overlays shows what lies over the desk, one thing at a time. */
export function Overlays() {
  const o = overlay.value;
  // What an agent opens many times a day is there before it is asked for; the rest is fetched then.
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([closing(), transferring(), finding()]), 1500);
    return () => clearTimeout(timer);
  }, []);
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
    case "offer":
      return <OfferDialog key={o.id} id={o.id} {...(o.remedy ? { remedy: o.remedy } : {})} />;
    case "promise":
      return <PromiseDialog key={o.id} id={o.id} {...(o.call ? { call: true } : {})} {...(o.renew ? { renew: o.renew } : {})} />;
    case "complaint":
      return <ComplaintDialog key={o.id} id={o.id} />;
    case "picture":
      return <PictureDialog key={o.id} id={o.id} file={o.file} />;
    case "team":
      return <TeamDialog />;
    case "bulk":
      return <BulkDialog key={o.act} act={o.act} />;
    default:
      return null;
  }
}
