namespace Orchestration.Simulator.Tokens;

/// <summary>How densely a vendor's family of models packs text into tokens.</summary>
internal readonly record struct TokenRates(double LettersPerToken, int CjkTokensPerHundred);
