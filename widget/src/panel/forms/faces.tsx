/** @jsxImportSource ../dom */

/** Five faces from very bad (1) to very good (5). */
export const face = (rating: number) => {
  const curve = 16 + (3 - rating) * -1.7;
  const ends = 15 - (rating - 3) * 0.6;
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={`M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9.5v.5M15 9.5v.5M8 ${ends}Q12 ${curve + (rating - 3) * 0.8} 16 ${ends}`} />
    </svg>
  );
};
