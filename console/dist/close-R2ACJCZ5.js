import{a as o,b as r}from"./chunk-HKBIHYLG.js";import"./chunk-OA55YRYQ.js";import"./chunk-4TUFFJAD.js";import"./chunk-DGTNRSPD.js";import"./chunk-SMXBAE2S.js";export{r as Choice,o as default};
