import{a as o,b as r}from"./chunk-7CKEJ5K7.js";import"./chunk-DGJT7MUJ.js";import"./chunk-T66MZYD3.js";import"./chunk-QXLAGB76.js";import"./chunk-L22WYO3L.js";export{r as Choice,o as default};
