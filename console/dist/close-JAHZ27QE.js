import{a as o,b as r}from"./chunk-H3RHDV5Z.js";import"./chunk-5DGGR2EL.js";import"./chunk-U7EPCSAG.js";import"./chunk-FBLWOTYP.js";import"./chunk-2YG33GSV.js";export{r as Choice,o as default};
