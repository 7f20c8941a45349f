import{a as o,b as r}from"./chunk-GXRVA6FS.js";import"./chunk-M5FPMDBS.js";import"./chunk-SWWGIH25.js";import"./chunk-EXIIZPMG.js";import"./chunk-P2PZDEEU.js";export{r as Choice,o as default};
