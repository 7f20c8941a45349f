import{a as o,b as r}from"./chunk-7VKCOGAJ.js";import"./chunk-EYF34Z4O.js";import"./chunk-GB4WRUGL.js";import"./chunk-NHEJTLEJ.js";import"./chunk-UIN6E4PP.js";export{r as Choice,o as default};
