import{a as o,b as r}from"./chunk-2TWP6TPI.js";import"./chunk-XJNNK2JZ.js";import"./chunk-DIH4JGLC.js";import"./chunk-J4RFGIOJ.js";import"./chunk-Z2LMRISB.js";export{r as Choice,o as default};
