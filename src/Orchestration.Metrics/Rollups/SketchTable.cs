using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Orchestration.Metrics.Rollups;

/// <summary>The table of latency sketches: adds counts of steps to those that stand.</summary>
internal static class SketchTable
{
    // With lists of this length a row still fits beside others in a page of the database.
    private const int LongestLists = 256;

    private static readonly string[] Keys = ["tenant_id", "dimension", "grain", "bucket", "value", "detail", "simulated", "measure"];

    // Arrays of arrays must be rectangular in PostgreSQL, which these are not: they travel as text.
    // Joined lists may name a step more than once: whoever reads adds. Folding at every change would cost more than all else that
    // recording does, so it waits until the lists have grown.
    private static readonly string Merge = $"""
        INSERT INTO latency_sketches AS stored ({string.Join(", ", Keys)}, steps, counts)
        SELECT {string.Join(", ", Keys)}, steps::integer[], counts::bigint[]
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS told({string.Join(", ", Keys)}, steps, counts)
        ON CONFLICT ({string.Join(", ", Keys)}) DO UPDATE SET (steps, counts) = (
            SELECT stored.steps || excluded.steps, stored.counts || excluded.counts
            WHERE cardinality(stored.steps) + cardinality(excluded.steps) <= {LongestLists}
            UNION ALL
            SELECT coalesce(array_agg(step ORDER BY step), '{"{}"}'), coalesce(array_agg(count ORDER BY step), '{"{}"}')
            FROM (
                SELECT step, sum(count)::bigint AS count
                FROM (SELECT * FROM unnest(stored.steps, stored.counts)
                      UNION ALL
                      SELECT * FROM unnest(excluded.steps, excluded.counts)) AS pairs(step, count)
                GROUP BY step HAVING sum(count) <> 0) AS sums
            HAVING cardinality(stored.steps) + cardinality(excluded.steps) > {LongestLists})
        """;

    /// <summary>Adds all sketches, by key.</summary>
    public static void AddTo(NpgsqlBatch batch, IReadOnlyDictionary<string, SortedDictionary<int, long>> sketches)
    {
        var changed = sketches
            .Select(sketch => (sketch.Key, Steps: sketch.Value.Where(step => step.Value != 0).ToList()))
            .Where(sketch => sketch.Steps.Count > 0)
            .OrderBy(sketch => sketch.Key, StringComparer.Ordinal)
            .ToList();
        if (changed.Count == 0)
            return;

        var parts = changed.ConvertAll(sketch => sketch.Key.Split(RollupText.Separator));
        var command = new NpgsqlBatchCommand(Merge);
        for (var index = 0; index < Keys.Length; index++)
            command.Parameters.Add(RollupKey.Send(Keys[index], index, parts));
        command.Parameters.Add(Texts(changed.Select(sketch => Literal(sketch.Steps.Select(step => (long)step.Key)))));
        command.Parameters.Add(Texts(changed.Select(sketch => Literal(sketch.Steps.Select(step => step.Value)))));
        batch.BatchCommands.Add(command);
    }

    private static string Literal(IEnumerable<long> numbers) =>
        $"{{{string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}}}";

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> texts) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = [.. texts] };
}
