import{a as o,b as r}from"./chunk-PET572EU.js";import"./chunk-RHT4XLQ5.js";import"./chunk-YF6QN4XA.js";import"./chunk-MAFEZWID.js";import"./chunk-SZWAXYAG.js";export{r as Choice,o as default};
