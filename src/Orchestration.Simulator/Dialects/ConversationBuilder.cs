using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Tokens;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Dialects;

/// <summary>Adds up the messages of a dialect: their text for the answer, their tokens for the bill, their hash for determinism.</summary>
internal sealed class ConversationBuilder(TokenCounter tokens)
{
    private const int TokensPerMessage = 4;
    private const int TokensPerImage = 85;

    private StableHash _hash = new();
    private string _lastUser = "";
    private bool _endsWithToolResult;
    private int _images;

    public int Tokens { get; private set; }

    public ulong Hash => _hash.Value;

    /// <param name="role">"system", "user", "assistant" or "tool".</param>
    /// <param name="text">All text of the message.</param>
    /// <param name="images">Images in it.</param>
    public void Add(string role, string text, int images = 0)
    {
        _hash.Add(role);
        _hash.Add(text);
        Tokens += TokensPerMessage + tokens.Count(text) + images * TokensPerImage;
        _images += images;
        _endsWithToolResult = role == "tool";
        if (role == "user")
            _lastUser = text;
    }

    /// <summary>Counts what is no message: calls, schemas, tools. White space between members means nothing to a model.</summary>
    public void AddRaw(JsonElement? element)
    {
        if (element is not { } value)
            return;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            value.WriteTo(json);
        Tokens += tokens.Count(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    public Conversation Build() => new(_lastUser, _endsWithToolResult, _images, Tokens, Hash);
}
