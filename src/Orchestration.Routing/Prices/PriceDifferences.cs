using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Prices;

/// <summary>Tells two versions apart, member by member.</summary>
internal static class PriceDifferences
{
    public static IEnumerable<PriceDifference> Between<TValue>(string name, string kind, TValue before, TValue after)
        where TValue : notnull
    {
        var (old, now) = (Flat(before), Flat(after));
        return old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(member => new PriceDifference { Name = name, Kind = kind, Member = member, Before = old.GetValueOrDefault(member, ""), After = now.GetValueOrDefault(member, "") })
            .Where(difference => difference.Before != difference.After);
    }

    private static Dictionary<string, string> Flat<TValue>(TValue value)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(members, "", JsonSerializer.SerializeToNode(value, CatalogueJson.Options));
        return members;
    }

    private static void Add(Dictionary<string, string> members, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (name, member) in item) Add(members, path.Length == 0 ? name : $"{path}.{name}", member);
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++) Add(members, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), list[i]);
                break;
            case not null:
                members[path] = node.ToString();
                break;
        }
    }
}
