/**
 * How busy the hours of a week are on a site for people who work by day: quiet nights, a rise with the morning, a first
 * peak at lunch and a higher one in the evening; Friday evenings are quiet, weekends begin late. Drawn by hand: the shape
 * is what matters. From Monday 00:00, a row a day.
 */
export const weekCurve: readonly number[] = [
  [14, 8, 5, 4, 5, 10, 26, 46, 64, 76, 82, 88, 95, 88, 80, 77, 75, 74, 80, 92, 100, 90, 60, 32],
  [16, 9, 6, 4, 5, 10, 26, 46, 64, 76, 82, 88, 95, 88, 80, 77, 75, 74, 80, 92, 99, 89, 60, 32],
  [16, 9, 6, 4, 5, 10, 26, 46, 64, 75, 81, 87, 94, 87, 79, 76, 74, 73, 79, 91, 98, 88, 60, 32],
  [16, 9, 6, 4, 5, 10, 26, 46, 64, 75, 81, 87, 94, 87, 79, 76, 74, 73, 78, 89, 95, 85, 58, 33],
  [17, 10, 6, 5, 5, 10, 25, 44, 61, 72, 78, 83, 89, 81, 72, 67, 62, 59, 60, 64, 66, 60, 46, 33],
  [22, 14, 9, 6, 5, 6, 10, 19, 34, 52, 66, 74, 77, 74, 70, 67, 64, 60, 58, 59, 60, 56, 44, 33],
  [23, 15, 10, 7, 5, 6, 9, 16, 30, 48, 63, 73, 77, 76, 74, 74, 75, 76, 81, 91, 98, 87, 56, 29],
].flat();
