using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>A page that was asked for.</summary>
/// <param name="Size">Most rows.</param>
/// <param name="After">Id that the page before ended with; empty for the first page.</param>
/// <param name="List">Which list it is; the next token is bound to it.</param>
internal sealed record Page(int Size, string After, string List)
{
    private const int DefaultSize = 50;
    private const int LargestSize = 200;

    /// <summary>The page, or what is wrong with the question.</summary>
    public static (Page? Page, Failure? Refused) Read(string list, int size, string token)
    {
        if (size is < 0 or > LargestSize)
            return (null, Failures.Invalid("invalid_page_size", "A page has 1 to 200 rows.", "page_size"));
        return PlaceToken.Read(list, token) is { } after
            ? (new Page(size == 0 ? DefaultSize : size, after, list), null)
            : (null, Failures.Invalid("invalid_page_token", "The page token is not one of this list.", "page_token"));
    }

    /// <summary>Cuts off the row that was read beyond the page and returns the token of the next page; empty on the last one.</summary>
    public string Cut<TRow>(List<TRow> rows, Func<TRow, string> id)
    {
        if (rows.Count <= Size)
            return "";
        rows.RemoveRange(Size, rows.Count - Size);
        return PlaceToken.For(List, id(rows[^1]));
    }
}
