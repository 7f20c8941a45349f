import{a as o,b as r}from"./chunk-QKJFJHNV.js";import"./chunk-VGYD2IH2.js";import"./chunk-W5TGJLXH.js";import"./chunk-MT24LXES.js";import"./chunk-PAQFHDSG.js";export{r as Choice,o as default};
