// Settings that this unit has one value of: clients ask for them, and set them to what they are.
#include "instrument/servers/scpi/scpi_settings.hpp"

namespace seccm::instrument::servers {

namespace {

constexpr auto fixed_both = ScpiModels::both;
constexpr auto fixed_2450 = ScpiModels::only_2450;
constexpr auto fixed_2400 = ScpiModels::only_2400;

constexpr ScpiFixedSetting fixed_table[] = {
    {fixed_both, "ROUTe:TERMinals", "FRONt"},
    {fixed_both, "SOURce:FUNCtion[:MODE]", "VOLTage"},
    {fixed_both, "FORMat[:DATA]", "ASCii"},
    {fixed_2450, "*LANG", "SCPI"},
    {fixed_2450, "SYSTem:POSetup", "RST"},
    // No automatic choice of a delay, no filter, no four-wire sense, no offset that is taken off.
    {fixed_2450, "SOURce:VOLTage:DELay:AUTO", "0"},
    {fixed_2400, "SOURce:DELay:AUTO", "0"},
    {fixed_2400, "SOURce:CLEar:AUTO", "0"},
    {fixed_2450, "SENSe:CURRent[:DC]:RSENse", "0"},
    {fixed_2400, "SYSTem:RSENse", "0"},
    {fixed_2450, "SENSe:CURRent[:DC]:AVERage[:STATe]", "0"},
    {fixed_2450, "SENSe:CURRent[:DC]:AVERage:TCONtrol", "REPeat"},
    {fixed_2450, "SENSe:CURRent[:DC]:AVERage:COUNt", "10"},
    {fixed_2400, "SENSe:AVERage[:STATe]", "0"},
    {fixed_2400, "SENSe:AVERage:TCONtrol", "REPeat"},
    {fixed_2400, "SENSe:AVERage:COUNt", "10"},
    {fixed_2450, "SENSe:CURRent[:DC]:UNIT", "AMP"},
    {fixed_2450, "SENSe:CURRent[:DC]:RELative", "0"},
    {fixed_2450, "SENSe:CURRent[:DC]:RELative:STATe", "0"},
    // Off, the terminals are at 0 V.
    {fixed_2450, "OUTPut:VOLTage:SMODe", "NORMal"},
    {fixed_2450, "OUTPut:CURRent:SMODe", "NORMal"},
    {fixed_2400, "OUTPut:SMODe", "NORMal"},
    {fixed_2450, "OUTPut:INTerlock:STATe", "1"},
    {fixed_2400, "SYSTem:LFRequency:AUTO", "1"},
    {fixed_2400, "SOURce:SWEep:SPACing", "LINear"},
    {fixed_2400, "TRIGger[:SEQuence]:SOURce", "IMMediate"},
    {fixed_2400, "TRIGger[:SEQuence]:OUTPut", "NONE"},
    {fixed_2400, "ARM[:SEQuence]:SOURce", "IMMediate"},
    {fixed_2400, "ARM[:SEQuence]:OUTPut", "NONE"},
    {fixed_2400, "ARM[:SEQuence]:TIMer", "+1.000000E-01"},
    // No lines for triggers: as they are after *RST.
    {fixed_2400, "TRIGger[:SEQuence]:ILINe", "1"},
    {fixed_2400, "TRIGger[:SEQuence]:OLINe", "2"},
    {fixed_2400, "ARM[:SEQuence]:ILINe", "1"},
    {fixed_2400, "ARM[:SEQuence]:OLINe", "2"},
    {fixed_2400, "TRACe:FEED", "SENSe"},
    {fixed_2400, "TRACe:TSTamp:FORMat", "ABSolute"},
    // Of the functions that this unit has and the twin does not use: as they are after *RST.
    {fixed_2450, "SENSe:VOLTage[:DC]:RANGe[:UPPer]", "2.000000E+01"},
    {fixed_2450, "SENSe:VOLTage[:DC]:RANGe:AUTO", "1"},
    {fixed_2450, "SENSe:VOLTage[:DC]:NPLCycles", "1.000000E+00"},
    {fixed_2450, "SENSe:VOLTage[:DC]:RSENse", "0"},
    {fixed_2450, "SENSe:VOLTage[:DC]:AZERo[:STATe]", "1"},
    {fixed_2450, "SENSe:VOLTage[:DC]:AVERage[:STATe]", "0"},
    {fixed_2450, "SENSe:VOLTage[:DC]:AVERage:TCONtrol", "REPeat"},
    {fixed_2450, "SENSe:VOLTage[:DC]:AVERage:COUNt", "10"},
    {fixed_2450, "SENSe:VOLTage[:DC]:UNIT", "VOLT"},
    {fixed_2450, "SENSe:VOLTage[:DC]:DELay:USER1", "0.000000E+00"},
    {fixed_2450, "SENSe:RESistance:RANGe[:UPPer]", "2.000000E+05"},
    {fixed_2450, "SENSe:RESistance:RANGe:AUTO", "1"},
    {fixed_2450, "SENSe:RESistance:NPLCycles", "1.000000E+00"},
    {fixed_2450, "SENSe:RESistance:RSENse", "0"},
    {fixed_2450, "SENSe:RESistance:AZERo[:STATe]", "1"},
    {fixed_2450, "SENSe:RESistance:AVERage[:STATe]", "0"},
    {fixed_2450, "SENSe:RESistance:OCOMpensated", "0"},
    {fixed_2450, "SENSe:RESistance:UNIT", "OHM"},
    {fixed_2450, "SENSe:RESistance:DELay:USER1", "0.000000E+00"},
    {fixed_2450, "SOURce:CURRent[:LEVel][:IMMediate][:AMPLitude]", "0.000000E+00"},
    {fixed_2450, "SOURce:CURRent:RANGe", "1.000000E-08"},
    {fixed_2450, "SOURce:CURRent:RANGe:AUTO", "1"},
    {fixed_2450, "SOURce:CURRent:VLIMit[:LEVel]", "2.100000E+01"},
    {fixed_2450, "SOURce:CURRent:VLIMit[:LEVel]:TRIPped", "0"},
    {fixed_2450, "SOURce:CURRent:DELay", "0.000000E+00"},
    {fixed_2450, "SOURce:CURRent:DELay:AUTO", "1"},
    {fixed_2450, "SOURce:CURRent:DELay:USER1", "0.000000E+00"},
    {fixed_2450, "SOURce:CURRent:READ:BACK", "1"},
    {fixed_2400, "SENSe:VOLTage[:DC]:RANGe[:UPPer]", "+2.100000E+01"},
    {fixed_2400, "SENSe:VOLTage[:DC]:RANGe:AUTO", "1"},
    {fixed_2400, "SENSe:VOLTage[:DC]:NPLCycles", "+1.000000E+00"},
    {fixed_2400, "SENSe:VOLTage[:DC]:PROTection[:LEVel]", "+2.100000E+01"},
    {fixed_2400, "SENSe:RESistance:MODE", "MANual"},
    {fixed_2400, "SENSe:RESistance:RANGe[:UPPer]", "+2.100000E+05"},
    {fixed_2400, "SENSe:RESistance:RANGe:AUTO", "1"},
    {fixed_2400, "SENSe:RESistance:NPLCycles", "+1.000000E+00"},
    {fixed_2400, "SOURce:CURRent[:LEVel][:IMMediate][:AMPLitude]", "+0.000000E+00"},
    {fixed_2400, "SOURce:CURRent:RANGe", "+1.000000E-04"},
    {fixed_2400, "SOURce:CURRent:RANGe:AUTO", "1"},
};

}  // namespace

std::span<const ScpiFixedSetting> scpi_fixed_settings() {
  return fixed_table;
}

}  // namespace seccm::instrument::servers
