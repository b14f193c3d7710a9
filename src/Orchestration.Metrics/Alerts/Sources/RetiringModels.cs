using Npgsql;
using NpgsqlTypes;
using Orchestration.Metrics.Alerts.Raising;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Models that somebody asked for within the window although their vendor is about to stop, or has stopped, offering them.</summary>
internal sealed class RetiringModels(Catalogue catalogue, NpgsqlDataSource dataSource, TimeProvider timeProvider) : IAlertSource
{
    private const string Asked = """
        SELECT DISTINCT lower(requested_model) FROM requests
        WHERE id >= first_uuid_at($1) AND NOT simulated AND lower(requested_model) = ANY ($2)
        UNION
        SELECT DISTINCT provider || '/' || model FROM attempts
        WHERE id >= first_uuid_at($1) AND NOT simulated AND provider || '/' || model = ANY ($2)
        """;

    public string Kind => AlertKinds.ModelRetiring;

    public async Task<IReadOnlyList<AlertFinding>?> LookAsync(RuleSettings rule, CancellationToken cancellationToken)
    {
        if (await catalogue.ReadAsync(cancellationToken) is not { } entries)
            return null;

        var retiring = entries.Where(entry => entry.Status is "legacy" or "redirected" or "retired").ToList();
        var now = timeProvider.GetUtcNow();
        string[] names = [.. retiring.SelectMany(entry => NamesOf(entry.Provider, entry.Id)).Distinct()];
        var used = await UsedAsync(names, now - (rule.Window ?? TimeSpan.FromDays(1)), cancellationToken);
        return
        [
            .. retiring.Where(entry => NamesOf(entry.Provider, entry.Id).Any(used.Contains)).Select(entry => new AlertFinding(
                Kind,
                $"model:{entry.Provider}/{entry.Id}",
                now,
                new Dictionary<string, string>
                {
                    ["provider"] = entry.Provider,
                    ["model"] = entry.Id,
                    ["status"] = entry.Status,
                    ["successor"] = entry.Successor,
                })),
        ];
    }

    private static IEnumerable<string> NamesOf(string provider, string id) =>
        [$"{provider}:{id}".ToLowerInvariant(), $"{provider}/{id}".ToLowerInvariant(), $"{provider}/{id}"];

    private async Task<HashSet<string>> UsedAsync(string[] names, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Asked);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = names });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var used = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            used.Add(reader.GetString(0));
        return used;
    }
}
