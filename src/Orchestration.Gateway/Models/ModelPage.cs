using System.Globalization;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Models;

/// <summary>A piece of the list of models, as Anthropic's clients page through it.</summary>
internal sealed record ModelPage(IReadOnlyList<ListedModel> Models, bool HasMore)
{
    private const int UsualLimit = 20;
    private const int LargestLimit = 1000;

    /// <summary>The page that a query asks for, or why it asks for none.</summary>
    public static (ModelPage? Page, Failure? Failure) Of(IReadOnlyList<ListedModel> models, IQueryCollection query)
    {
        var limit = UsualLimit;
        if (query.TryGetValue("limit", out var given)
            && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is 0 or > LargestLimit))
            return (null, Failures.Invalid("invalid_value", $"'limit' is a number from 1 to {LargestLimit}.", "limit"));

        var (after, before) = (query["after_id"].ToString(), query["before_id"].ToString());
        if (after.Length > 0 && before.Length > 0)
            return (null, Failures.Invalid("invalid_value", "'after_id' and 'before_id' cannot be given together.", "before_id"));
        var cursor = after.Length > 0 ? after : before;
        var place = cursor.Length > 0 ? IndexOf(models, cursor) : -1;
        if (cursor.Length > 0 && place < 0)
            return (null, Failures.Invalid("invalid_value", "There is no model of this id.", after.Length > 0 ? "after_id" : "before_id"));

        return (before.Length > 0 ? Before(models, place, limit) : After(models, place + 1, limit), null);
    }

    private static ModelPage After(IReadOnlyList<ListedModel> models, int start, int limit) =>
        new([.. models.Skip(start).Take(limit)], models.Count - start > limit);

    private static ModelPage Before(IReadOnlyList<ListedModel> models, int end, int limit)
    {
        var start = Math.Max(0, end - limit);
        return new ModelPage([.. models.Skip(start).Take(end - start)], start > 0);
    }

    private static int IndexOf(IReadOnlyList<ListedModel> models, string id)
    {
        for (var i = 0; i < models.Count; i++)
        {
            if (string.Equals(models[i].Id, id, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
