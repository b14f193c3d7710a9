using System.Security.Cryptography;
using System.Text;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Ids of tool calls for a vendor that takes only ids of its own form; the same id always becomes the same one.</summary>
internal static class ToolCallIds
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>The id itself when it has the form, otherwise one made from it. A length of 0 takes every id.</summary>
    public static string Fit(string id, int length)
    {
        if (length == 0 || (id.Length == length && id.All(char.IsAsciiLetterOrDigit)))
            return id;

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(length, hash, static (characters, bytes) =>
        {
            for (var i = 0; i < characters.Length; i++)
                characters[i] = Letters[bytes[i % bytes.Length] % Letters.Length];
        });
    }
}
