using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Chat;

/// <summary>Ids in the forms that vendors use.</summary>
internal static class AnswerIds
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ResponseLength = 29;
    private const int ToolCallLength = 24;

    public static string Response(Dialect dialect, ulong instance, long seq)
    {
        var random = new StableRandom(instance ^ ((ulong)seq * 0x9E3779B97F4A7C15UL));
        return dialect == Dialect.DeepSeek
            ? DeepSeek(ref random)
            : "chatcmpl-" + Letters(ref random, ResponseLength);
    }

    public static string ToolCall(Dialect dialect, ref StableRandom random, int index) => dialect == Dialect.DeepSeek
        ? $"call_{index:00}_{Letters(ref random, ToolCallLength)}"
        : "call_" + Letters(ref random, ToolCallLength);

    private static string DeepSeek(ref StableRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.Next());
        BitConverter.TryWriteBytes(bytes[8..], random.Next());
        return new Guid(bytes).ToString();
    }

    public static string Letters(ref StableRandom random, int length)
    {
        Span<char> letters = stackalloc char[length];
        foreach (ref var letter in letters)
            letter = Alphabet[random.Next(Alphabet.Length)];
        return new string(letters);
    }
}
