import{a as o,b as r}from"./chunk-AGU762TB.js";import"./chunk-MB4B5OC3.js";import"./chunk-PFT4IIU4.js";import"./chunk-WE5SJORK.js";import"./chunk-QBOJEQQE.js";export{r as Choice,o as default};
